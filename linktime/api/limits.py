"""So many requests a minute for each key, counted in PostgreSQL: it holds however many processes answer."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from linktime.api.problems import Refused

# One statement by the database's clock; of two requests at once, one waits for the other's row.
_COUNT = """
    INSERT INTO api_ratewindow AS w (key_id, began_at, used) VALUES (%(key)s, statement_timestamp(), 1)
    ON CONFLICT (key_id) DO UPDATE SET
        used = CASE WHEN w.began_at > statement_timestamp() - interval '1 minute' THEN w.used + 1 ELSE 1 END,
        began_at = CASE WHEN w.began_at > statement_timestamp() - interval '1 minute'
                   THEN w.began_at ELSE statement_timestamp() END
    RETURNING used, ceil(extract(epoch FROM began_at + interval '1 minute' - statement_timestamp()))::int
"""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a key may still ask; `reset` is in seconds."""

    limit: int
    used: int
    reset: int

    @property
    def exceeded(self) -> bool:
        return self.used > self.limit

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(self.limit - self.used, 0)),
            "RateLimit-Reset": str(self.reset),
        }

    def require(self) -> None:
        if self.exceeded:
            detail = f"More than {self.limit} requests in a minute. Go on in {self.reset} seconds."
            raise Refused(429, "too_many_requests", detail, Retry_After=str(self.reset))


def count_request(key_id: int) -> Allowance:
    """Count one request of a key."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key_id})
        used, reset = cursor.fetchone()
    return Allowance(limit=settings.RATE_LIMIT, used=used, reset=max(reset, 1))
