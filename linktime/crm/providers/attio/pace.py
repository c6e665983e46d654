"""No faster than Attio lets us: 100 reads and 25 writes a second (REST API: rate limiting)."""

import threading
import time
from datetime import timedelta

# Below the limits, for requests that leave evenly may arrive in a bunch: 22 a second leaves 0.13 s for that.
WRITES_A_SECOND = 22
READS_A_SECOND = 80


class Pace:
    """Lets threads go one after the other, evenly. A turn is given when it is asked for: who is late delays nobody."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._free_at = {True: 0.0, False: 0.0}
        self._held_until = 0.0

    def enter(self, *, writes: bool) -> None:
        """Wait for this request's turn; for another one when everybody is held meanwhile."""
        while True:
            turn = self._turn(writes=writes)
            time.sleep(max(turn - time.monotonic(), 0))
            if turn >= self._held_until:
                return

    def hold(self, wait: timedelta) -> None:
        """Let nobody go for so long."""
        with self._guard:
            self._held_until = max(self._held_until, time.monotonic() + wait.total_seconds())
            self._free_at = {kind: max(free_at, self._held_until) for kind, free_at in self._free_at.items()}

    def _turn(self, *, writes: bool) -> float:
        with self._guard:
            turn = max(self._free_at[writes], time.monotonic())
            self._free_at[writes] = turn + 1 / (WRITES_A_SECOND if writes else READS_A_SECOND)
            return turn
