"""No faster than Attio lets us: 100 reads and 25 writes a second (REST API: rate limiting)."""

import threading
import time
from datetime import timedelta

# Below the limits, for requests that leave evenly may arrive in a bunch: 22 a second leaves 0.13 s for that.
WRITES_A_SECOND = 22
READS_A_SECOND = 80


class Pace:
    """Lets threads go one after the other, evenly."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._free_at = {True: 0.0, False: 0.0}
        self._held_until = 0.0

    def enter(self, *, writes: bool) -> None:
        """Wait for this request's turn."""
        while (wait := self._wait(writes=writes)) > 0:
            time.sleep(wait)

    def hold(self, wait: timedelta) -> None:
        """Let nobody go for so long."""
        with self._guard:
            self._held_until = max(self._held_until, time.monotonic() + wait.total_seconds())

    def _wait(self, *, writes: bool) -> float:
        """Take the turn if it is free, or return the seconds until it may be."""
        with self._guard:
            now = time.monotonic()
            wait = max(self._free_at[writes], self._held_until) - now
            if wait <= 0:
                self._free_at[writes] = now + 1 / (WRITES_A_SECOND if writes else READS_A_SECOND)
            return wait
