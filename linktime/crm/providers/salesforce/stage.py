"""One of the three steps that a group of people takes: asking for their Contacts, making those, logging the Events."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from linktime.crm.contract import Outcome, Push, Session
from linktime.crm.providers.salesforce.client import Part
from linktime.crm.providers.salesforce.flights import Answers
from linktime.crm.providers.salesforce.people import Group


@dataclass(slots=True)
class Result:
    """What is known now; pushes whose Contact is `gone` are looked at once more, others are better done `singly`."""

    outcomes: list[Outcome] = field(default_factory=list)
    gone: list[Push] = field(default_factory=list)
    singly: list[Push] = field(default_factory=list)


class Stage(Protocol):
    """`attempts` must be remembered before the parts go out. A stage may share its call with others.

    `asks_again` says that what it may have made is found by the first question of the next try.
    """

    asks_again: bool
    group: Group
    parts: list[Part]
    attempts: dict[int, dict[str, Any]]

    def read(self, session: Session, answers: Answers) -> Result:
        """Take what the answers say into the group. Raises what befell the whole stage.

        Nothing was made then, unless it is Uncertain.
        """
