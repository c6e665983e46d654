"""Collecting what is wrong with a request, so that a person hears all of it at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import NoReturn, Self

from linktime.core.errors import Fault, Invalid


def refuse(code: str, message: str, *, field: str = "") -> NoReturn:
    """Raise Invalid for the value under test; `Faults.at` puts the field's path before it."""
    raise Invalid(Fault(field, code, message))


class Faults:
    """Collects faults and raises all of them as one Invalid where its `with` block ends.

    with Faults() as faults:
        with faults.at("title"):
            title = text.line(value, at_most=200)

    What is within a value collects its faults in Faults of its own; two `at` of one Faults are not nested.
    """

    def __init__(self) -> None:
        self._found: list[Fault] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.stop()

    @contextmanager
    def at(self, field: str | int = "") -> Iterator[None]:
        """Keep the faults that the block raises, their fields being beneath `field` if given, and go on after it."""
        try:
            yield
        except Invalid as error:
            for fault in error.faults:
                path = ".".join(filter(None, (str(field), fault.field)))
                self._found.append(Fault(path, fault.code, fault.message))

    @property
    def any(self) -> bool:
        return bool(self._found)

    def stop(self) -> None:
        """Raise Invalid if there is anything wrong so far."""
        if self._found:
            raise Invalid(*self._found)
