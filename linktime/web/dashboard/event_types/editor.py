"""The event type editor: its groups of settings and the questions, over one form; shown, checked and saved as one."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import QueryDict

from linktime.accounts.access import Actor
from linktime.core.errors import Conflict, Fault, Invalid
from linktime.scheduling import event_types
from linktime.scheduling.models import EventType
from linktime.web.dashboard.event_types import asking
from linktime.web.dashboard.event_types.agreement import Confirmation, Reminders
from linktime.web.dashboard.event_types.basics import Basics
from linktime.web.dashboard.event_types.group import Group
from linktime.web.dashboard.event_types.people import People
from linktime.web.dashboard.event_types.times import Limits, Times

# What a new one shows; 60 days ahead and four hours' notice surprise nobody.
NEW = EventType(durations=[30], window={"kind": "rolling", "days": 60}, minimum_notice=240)


class Editor:
    """`typed` is None before anybody typed. `above` has the faults that belong to no field."""

    def __init__(self, actor: Actor, event_type: EventType | None, typed: QueryDict | None) -> None:
        self._actor, self._event_type, self._typed = actor, event_type, typed
        base = f"{settings.BASE_URL}/{actor.account.handle}/"
        shown = event_type or NEW
        self.basics = Basics(base, typed, initial=Basics.initial_of(shown))
        self.times = Times(typed, initial=Times.initial_of(shown))
        self.limits = Limits(typed, initial=Limits.initial_of(shown))
        self.people = People(actor, event_type, typed, initial=People.initial_of(shown))
        self.confirmation = Confirmation(typed, initial=Confirmation.initial_of(shown))
        self.reminders = Reminders(typed, initial=Reminders.initial_of(shown))
        self.groups: list[Group] = [
            self.basics, self.times, self.limits, self.people, self.confirmation, self.reminders,
        ]  # fmt: skip
        self._asked = event_type.questions if event_type else []
        self.questions = asking.rows(self._asked) if typed is None else asking.typed_rows(typed)
        self.above: list[str] = []

    @property
    def moving(self) -> bool:
        """Tell whether a question was to be moved, which saves nothing."""
        return self._typed is not None and "move" in self._typed

    @property
    def asks(self) -> bool:
        """Tell whether somebody is at work on the questions."""
        return self.moving or any(row.faults for row in self.questions)

    @property
    def faulty(self) -> bool:
        if self._typed is None or self.moving:
            return False
        return bool(self.above) or any(row.faults for row in self.questions) or any(each.errors for each in self.groups)

    def save(self) -> bool:
        """Save what was typed; False when something is wrong with it, and nothing is saved then."""
        checked = [group.is_valid() for group in self.groups]
        if not all(checked):
            return False
        values: dict[str, Any] = {"questions": asking.questions(self.questions, self._asked)}
        for group in self.groups:
            values |= group.values()
        try:
            if self._event_type:
                event_types.update(self._event_type, self._actor, values)
            else:
                event_types.create(self._actor, values)
        except Invalid as error:
            self._show(error.faults)
        except Conflict as error:
            self._show([Fault("slug", error.code, error.detail)])
        return not self.faulty

    def _show(self, faults: Iterable[Fault]) -> None:
        faults = list(faults)
        self.questions = asking.with_faults(self.questions, faults)
        for fault in faults:
            if fault.field.startswith("questions."):
                continue
            if not any(group.show(fault) for group in self.groups):
                self.above.append(fault.message)
