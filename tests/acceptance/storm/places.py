"""The accounts of a storm, the organisations they are connected to, and the people who reconnect them."""

import threading
import uuid
from dataclasses import dataclass, field

from linktime.connections.models import Connection
from linktime.emulators.testing import EmulatorProcess
from tests.acceptance.storm.checker import Bystanders
from tests.installation import Installation
from tests.people import Account, ApiKey, Membership, Plan, join

CRMS = ("salesforce", "hubspot", "attio")
database_is_there = threading.RLock()  # held by whoever needs it in this process, and by whoever takes it away


@dataclass
class Home:
    """An account: `organisations` are its own and shared ones, by CRM."""

    place: Installation
    key: str
    slug: str
    organisations: dict[str, str] = field(default_factory=dict)

    def connect(self, crm: str) -> None:
        grant = self.place.emulator.at(crm).token(organisation=self.organisations[crm])
        self.organisations[crm] = grant["organisation"]
        self.place.take_grant(crm, grant, url=self.place.emulator.at(crm).url)


def homes(emulator: EmulatorProcess, count: int) -> list[Home]:
    """Make accounts, every fourth with all three CRMs; of each CRM the first organisation has two of them."""
    made = [_home(emulator, number) for number in range(count)]
    for number, home in enumerate(made):
        for crm in CRMS if number % 4 == 3 else (CRMS[number % 3],):
            shared = number - 3 if number in (3, 4, 5) else number  # 3 has all three; 4 and 5 are the neighbours
            home.organisations[crm] = _organisation(crm, shared if crm == CRMS[number % 3] else number)
            home.connect(crm)
    return made


def _home(emulator: EmulatorProcess, number: int) -> Home:
    account = Account.objects.create(name=f"Account {number}", handle=f"account{number}", plan=Plan.PRO)
    host = join(f"host{number}@example.com", "Ada Lovelace", account, Membership.Role.OWNER)
    place = Installation(host, emulator)
    return Home(place, host.key(ApiKey.Scope.READ_WRITE), place.event_type.slug)


def _organisation(crm: str, number: int) -> str:
    if crm == "salesforce":
        return f"00D0000000{number:05}"
    return str(1000 + number) if crm == "hubspot" else str(uuid.UUID(int=number + (4 << 76) + (8 << 60)))


class Person:
    """Reconnects what needs it, as its owner would."""

    def __init__(self, homes: list[Home]) -> None:
        self._of = {home.place.account.pk: home for home in homes}
        self.reconnected = 0

    def look(self) -> None:
        with database_is_there:
            for connection in Connection.objects.filter(state=Connection.State.NEEDS_RECONNECT):
                self._of[connection.account_id].connect(connection.service)
                self.reconnected += 1


def plant_bystanders(emulator: EmulatorProcess, homes: list[Home]) -> Bystanders:
    """Put people into each organisation whom no storm may touch."""
    there = {(crm, organisation) for home in homes for crm, organisation in home.organisations.items()}
    bystanders = Bystanders(emulator)
    for crm, organisation in sorted(there):
        bystanders.plant(crm, organisation)
    return bystanders
