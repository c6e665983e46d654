"""When a call that fails is worth trying with fewer records, to find the one that spoils it."""

from linktime.crm.contract import CrmError, Reconnect, Scope, TryAgain, Uncertain

HOPELESS = 8  # so many calls that fail, and none that works, are no single record's fault
BROKEN = "HTTP_500"


class Patience:
    """What failed so far, and whether anything worked."""

    def __init__(self) -> None:
        self.works = False
        self.failures = 0

    @property
    def is_over(self) -> bool:
        return not self.works and self.failures >= HOPELESS

    def is_worth_it(self, error: CrmError, count: int) -> bool:
        """Count a failed call of `count` records, and say whether fewer may go better."""
        self.failures += 1
        return count > 1 and not self.is_over and may_be_one_records_fault(error)

    def blame(self, error: CrmError) -> CrmError:
        """Return the error of a record that failed alone: its own fault only where others work."""
        if not isinstance(error, TryAgain) or not may_be_one_records_fault(error):
            return error
        scope = Scope.ROW if self.works else Scope.ORGANISATION
        return TryAgain(error.message, code=error.code, after=error.after, scope=scope)


def may_be_one_records_fault(error: CrmError) -> bool:
    """Say so of refusals, and of an internal error; not of an outage, a limit or a lost answer."""
    if isinstance(error, TryAgain):
        return error.scope == Scope.ROW or error.code == BROKEN
    return not isinstance(error, Uncertain | Reconnect)
