"""What can't be done with a booking, or not any more.

Conflict
├─ SlotTaken           somebody has this time; `.alternatives` are the next ones
├─ AlreadyCancelled    a cancelled booking stays as it is
├─ AlreadyDeclined     so does one that the host declined, or that nobody accepted in time
├─ AlreadyNoShow       so does one that the invitee missed
├─ AlreadyConfirmed    it waits for nobody any more
├─ AlreadyOver         a meeting that has ended stays as it is
├─ TooLate             the deadline for invitees has passed
├─ NotBegun            nobody can have missed it yet
├─ NotVerified         the invitee has to confirm the email address first
├─ ChangedMeanwhile    somebody moved the booking, or gave the event type other hosts, a moment ago
└─ NotBookable         the event type is switched off
"""

from django.utils.translation import gettext as _

from linktime.core.errors import Conflict
from linktime.scheduling.slots import Slot


class SlotTaken(Conflict):
    """`alternatives` are the next slots that are free, at most three."""

    code = "slot_taken"

    def __init__(self, alternatives: list[Slot]) -> None:
        super().__init__(_("Somebody else has just taken this time. Choose another one."))
        self.alternatives = alternatives


class AlreadyCancelled(Conflict):
    code = "already_cancelled"

    def __init__(self) -> None:
        super().__init__(_("This booking has been cancelled already. Book a new time instead."))


class AlreadyDeclined(Conflict):
    code = "already_declined"

    def __init__(self) -> None:
        super().__init__(_("This booking was declined, or nobody confirmed it in time. Book a new time instead."))


class AlreadyConfirmed(Conflict):
    code = "already_confirmed"

    def __init__(self) -> None:
        super().__init__(_("This booking is confirmed already."))


class AlreadyOver(Conflict):
    code = "already_over"

    def __init__(self) -> None:
        super().__init__(_("This meeting has ended, so it can't be moved or cancelled any more."))


class TooLate(Conflict):
    code = "too_late"

    def __init__(self) -> None:
        super().__init__(_("It is too late to change this meeting here. Ask your host."))


class NotBegun(Conflict):
    code = "not_begun"

    def __init__(self) -> None:
        super().__init__("This meeting has not begun, so nobody has missed it. Cancel it instead.")


class NotVerified(Conflict):
    code = "not_verified"

    def __init__(self) -> None:
        super().__init__("The invitee has not confirmed the email address yet.")


class AlreadyNoShow(Conflict):
    code = "already_no_show"

    def __init__(self) -> None:
        super().__init__(_("This booking is marked as a no-show already."))


class ChangedMeanwhile(Conflict):
    code = "changed_meanwhile"

    def __init__(self) -> None:
        super().__init__(_("Somebody has just changed this. Load it again, and decide on what is there now."))


class NotBookable(Conflict):
    code = "not_bookable"

    def __init__(self) -> None:
        super().__init__(_("This event type takes no bookings at the moment. Ask the host for another link."))
