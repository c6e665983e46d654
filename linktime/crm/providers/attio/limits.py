"""Attio lets 100 reads and 25 writes a second pass, and tells who is faster when to come back.

From the REST API's page on rate limiting. Ours are below: requests that leave evenly may arrive in a bunch, and 22
writes a second leave 0.14 s for that. A turn that nobody took in time is made up for by the next.
"""

from collections.abc import Mapping
from datetime import timedelta

from linktime.core.retry_after import retry_after
from linktime.crm.contract import Budget, Rate


def writes(method: str, path: str) -> bool:
    """Say whether a request counts as a write; asking for records is a POST that does not."""
    return method != "GET" and not path.endswith("/query")


def reads(method: str, path: str) -> bool:
    return not writes(method, path)


RATES = (
    Rate("writes", per_second=22, burst=2, counts=writes),
    Rate("reads", per_second=80, burst=1, counts=reads),
)


def budget(headers: Mapping[str, str]) -> Budget:
    return Budget(pause=retry_after(headers) or timedelta())
