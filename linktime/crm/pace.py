"""No faster than a CRM lets us: each rate of the manifest is a bucket that fills evenly (GCRA).

What is left to wait is kept with the organisation when its lease ends, so that whichever process goes on keeps pace.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta

from linktime.crm.contract import Rate

LONGEST_HOLD = timedelta(seconds=5)  # what a drain waits itself; longer waits are the organisation's


class Pace:
    """Lets requests go one after the other. A turn is given when it is asked for: who is late delays nobody.

    `debts` are the seconds by which each rate was ahead of its measure when the process before stopped.
    """

    def __init__(self, rates: Sequence[Rate], debts: Mapping[str, float] | None = None) -> None:
        self._rates = rates
        self._guard = threading.Lock()
        now = time.monotonic()
        self._full_at = {rate.name: now + max((debts or {}).get(rate.name, 0.0), 0.0) for rate in rates}
        self._held_until = 0.0

    def enter(self, method: str, path: str) -> None:
        """Wait for this request's turn; for another one when everybody is held meanwhile."""
        rates = [rate for rate in self._rates if rate.counts(method, path)]
        while True:
            turn = self._turn(rates)
            time.sleep(max(turn - time.monotonic(), 0))
            if turn >= self._held_until:
                return

    def hold(self, wait: timedelta) -> None:
        """Let nobody go for so long, `LONGEST_HOLD` at most."""
        with self._guard:
            until = time.monotonic() + min(wait, LONGEST_HOLD).total_seconds()
            self._held_until = max(self._held_until, until)

    def debts(self) -> dict[str, float]:
        """Return what is left to wait, in seconds, where there is anything."""
        now = time.monotonic()
        with self._guard:
            return {name: round(at - now, 3) for name, at in self._full_at.items() if at > now}

    def _turn(self, rates: Sequence[Rate]) -> float:
        with self._guard:
            turn = max(time.monotonic(), self._held_until, *(self._next(rate) for rate in rates))
            for rate in rates:
                self._full_at[rate.name] = max(self._full_at[rate.name], turn) + 1 / rate.per_second
            return turn

    def _next(self, rate: Rate) -> float:
        return self._full_at[rate.name] - (rate.burst - 1) / rate.per_second
