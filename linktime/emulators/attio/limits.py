"""So many reads and writes a second; what is too much is not done."""

import math
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from linktime.emulators.attio.errors import ApiError
from linktime.emulators.attio.workspace import Workspace

TOO_MANY = "Rate limit exceeded, please try again later"


def count(workspace: Workspace, *, write: bool) -> None:
    """Count one call among those of the last second. Raises ApiError when there is no room for it."""
    kind = "writes" if write else "reads"
    lately, limit, now = workspace.lately[kind], workspace.settings[f"{kind}_a_second"], time.monotonic()
    while lately and lately[0] <= now - 1:
        lately.popleft()
    if len(lately) >= limit:
        headers = {"Retry-After": _retry_after(workspace, lately[0] + 1 - now)}
        raise ApiError(429, "rate_limit_exceeded", TOO_MANY, type_="rate_limit_error", headers=headers)
    lately.append(now)


def _retry_after(workspace: Workspace, wait: float) -> str:
    """The next whole second in which there is room, as an HTTP date; or in how many seconds."""
    if workspace.settings["retry_after"] == "seconds":
        return str(math.ceil(wait))
    free = datetime.now(tz=UTC) + timedelta(seconds=wait)
    return format_datetime(datetime.fromtimestamp(math.ceil(free.timestamp()), UTC), usegmt=True)
