"""Errors of the domain, as people and API clients meet them.

DomainError            something asked for can't be done; says what and why
├─ Invalid             the request's values are wrong: one Fault for each field
├─ NotFound            there is no such thing, or it is somebody else's
├─ Forbidden           it exists, and this plan or role may not
└─ Conflict            it was possible a moment ago, or never again (taken, cancelled)
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one field. `field` is a dotted path as in the API: `invitee.email`."""

    field: str
    code: str
    message: str


class DomainError(Exception):
    """`code` is stable and for programs; `detail` is a sentence for a person."""

    code = "error"

    def __init__(self, detail: str, *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code


class Invalid(DomainError):
    code = "invalid"

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = faults


class NotFound(DomainError):
    code = "not_found"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or _("There is nothing here."))


class Forbidden(DomainError):
    code = "forbidden"


class Conflict(DomainError):
    code = "conflict"
