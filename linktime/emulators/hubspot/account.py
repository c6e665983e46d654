"""One HubSpot account (portal): its records, its settings, and how many calls it has taken."""

import random
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from linktime.emulators.hubspot.clock import stamp
from linktime.emulators.hubspot.store import Store
from linktime.emulators.settings import Settings

WINDOW = timedelta(seconds=10)
DAY = timedelta(hours=24)
USERS = {"222222": "ada@example.com", "222223": "grace@example.com"}
JSON = dict[str, Any]


class Account:
    """`id` is the hub id. `rng` shuffles the results of batches."""

    def __init__(
        self,
        hub_id: str,
        settings: Settings,
        *,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        rng: random.Random,
    ) -> None:
        self.id, self.settings, self.clock, self.new_id, self.rng = hub_id, settings, clock, new_id, rng
        self.store = Store()
        self._recent: deque[datetime] = deque()
        self._days: dict[str, int] = {}

    @property
    def now(self) -> str:
        return stamp(self.clock())

    @property
    def hub_id(self) -> int:
        return int(self.id)

    def use(self) -> None:
        """Count one API call."""
        now = self.clock()
        self._recent.append(now)
        hour = now.astimezone(UTC).isoformat()[:13]
        self._days[hour] = self._days.get(hour, 0) + 1

    @property
    def recent(self) -> int:
        """The calls of the last 10 seconds."""
        oldest = self.clock() - WINDOW
        while self._recent and self._recent[0] <= oldest:
            self._recent.popleft()
        return len(self._recent)

    @property
    def today(self) -> int:
        """The calls of the last 24 hours; older ones are forgotten."""
        oldest = (self.clock() - DAY).astimezone(UTC).isoformat()[:13]
        self._days = {hour: count for hour, count in self._days.items() if hour > oldest}
        return sum(self._days.values())

    def shuffled(self, rows: list[Any]) -> list[Any]:
        if self.settings["shuffle_results"]:
            self.rng.shuffle(rows)
        return rows

    def dump(self) -> JSON:
        return {"settings": self.settings.own(), "records": self.store.dump(), "days": self._days}

    def load(self, dump: JSON) -> None:
        self.settings.merge(dump["settings"])
        self.store.load(dump["records"])
        self._days = dump["days"]
