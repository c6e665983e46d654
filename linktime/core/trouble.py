"""What stands in the way of bookings, as plain values: who finds it out and who tells people do not know each other."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """One reason why `count` bookings have not reached a CRM; `bookings` names some of them. `service` is its label."""

    service: str
    what: str
    remedy: str
    count: int
    bookings: tuple[str, ...]

    @property
    def more(self) -> int:
        """How many bookings are not named."""
        return self.count - len(self.bookings)
