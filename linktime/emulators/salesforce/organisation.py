"""One organisation: its records, its settings, its users, and how many API calls it has used."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from linktime.emulators.salesforce.clock import stamp
from linktime.emulators.salesforce.objects import STANDARD
from linktime.emulators.salesforce.schema import Schema
from linktime.emulators.salesforce.soql.run import Hidden
from linktime.emulators.salesforce.store import Record, Store
from linktime.emulators.settings import Settings

ARCHIVED_AFTER = timedelta(days=365)
USERS = (
    ("Ada", "Lovelace", "ada@example.com", True),
    ("Grace", "Hopper", "grace@example.com", True),
    ("Charles", "Babbage", "charles@example.com", False),
)
JSON = dict[str, Any]


class Organisation:
    def __init__(
        self,
        org_id: str,
        settings: Settings,
        *,
        clock: Callable[[], datetime],
        new_id: Callable[[str], str],
        rng: random.Random,
    ) -> None:
        self.id, self.settings = org_id, settings
        self.clock, self.new_id, self.rng = clock, new_id, rng
        self.store = Store()
        self._schema = (-1, Schema(STANDARD, settings))
        self._usage: dict[str, int] = {}

    @property
    def schema(self) -> Schema:
        """The objects as the settings show them, made anew when the settings change."""
        if self._schema[0] != self.settings.version:
            self._schema = (self.settings.version, Schema(STANDARD, self.settings))
        return self._schema[1]

    @property
    def now(self) -> str:
        return stamp(self.clock())

    @property
    def users(self) -> list[Record]:
        return sorted(self.store.all("User"), key=lambda user: str(user["Id"]))

    @property
    def first_user(self) -> str:
        return str(self.users[0]["Id"])

    def hidden(self, *, everything: bool) -> Hidden:
        today = self.clock().astimezone(UTC).date()
        return Hidden(everything=everything, archived_until=(today - ARCHIVED_AFTER).isoformat())

    def found(self) -> None:
        """Make the organisation's own row and its first users."""
        user_ids = [self.new_id("005") for _ in USERS]
        for user_id, (first, last, email, active) in zip(user_ids, USERS, strict=True):
            self.store.put("User", self._system(user_id, user_ids[0]) | _user(first, last, email, active=active))
        self.store.put("Organization", self._system(self.id, user_ids[0]) | {"OrganizationType": "Developer Edition"})
        self.refresh_row()

    def refresh_row(self) -> None:
        """Let the Organization row say what the settings say."""
        row = self.store.get("Organization", self.id)
        if row is not None:
            facts = {"Name": self.settings["organisation_name"], "IsSandbox": self.settings["is_sandbox"]}
            self.store.put("Organization", row | facts | {"InstanceName": "EM1", "IsReadOnly": False})

    def use(self, calls: int) -> None:
        """Count API calls, by the minute."""
        minute = self.now[:16]
        self._usage[minute] = self._usage.get(minute, 0) + calls

    @property
    def used(self) -> int:
        """The calls of the last 24 hours; older ones are forgotten."""
        oldest = stamp(self.clock() - timedelta(hours=24))[:16]
        self._usage = {minute: count for minute, count in self._usage.items() if minute > oldest}
        return sum(self._usage.values()) + int(self.settings["calls_of_others"])

    def dump(self) -> JSON:
        return {"settings": self.settings.own(), "records": self.store.dump(), "usage": self._usage}

    def load(self, dump: JSON) -> None:
        self.settings.merge(dump["settings"])
        self.store.load(dump["records"])
        self._usage = dump["usage"]

    def _system(self, record_id: str, user_id: str) -> Record:
        return {
            "Id": record_id,
            "IsDeleted": False,
            "CreatedDate": self.now,
            "CreatedById": user_id,
            "LastModifiedDate": self.now,
            "LastModifiedById": user_id,
            "SystemModstamp": self.now,
        }


def _user(first: str, last: str, email: str, *, active: bool) -> Record:
    return {
        "Username": email.replace("@", "@linktime."),
        "FirstName": first,
        "LastName": last,
        "Name": f"{first} {last}",
        "Alias": f"{first[0]}{last[:4]}".lower(),
        "Email": email,
        "TimeZoneSidKey": "Europe/London",
        "LocaleSidKey": "en_GB",
        "LanguageLocaleKey": "en_US",
        "UserType": "Standard",
        "IsActive": active,
    }
