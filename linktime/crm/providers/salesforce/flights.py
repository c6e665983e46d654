"""Requests on their way while what came before is being remembered. The threads do nothing but send."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cache
from types import TracebackType
from typing import Self

from linktime.crm.contract import Answer, CrmError, Session
from linktime.crm.providers.salesforce.client import PartAnswer, Request, part_answers, settled, transmit
from linktime.crm.providers.salesforce.manifest import IN_FLIGHT

Answers = Mapping[str, PartAnswer]


class Flights:
    """A context manager; at its end whatever is still on its way has landed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._pool = ThreadPoolExecutor(IN_FLIGHT)
        self._under_way: list[tuple[Request, Future[Answer]]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._pool.shutdown()

    def start(self, requests: Iterable[Request]) -> None:
        """Send composites, no more at once than the manifest's `in_flight`."""
        self._under_way = [(one, self._pool.submit(transmit, self._session, one)) for one in requests]

    def land(self) -> list[Answers | CrmError]:
        """Wait for all that was started; return what each says, or the error that it ended with. Raises TakenOver."""
        wait([future for _, future in self._under_way])
        renew = cache(self._session.renew)  # two that find the session expired need one new token
        return [self._landed(request, future, renew) for request, future in self._under_way]

    def _landed(self, request: Request, future: Future[Answer], renew: Callable[[], None]) -> Answers | CrmError:
        try:
            return part_answers(request, settled(self._session, request, future.result, renew=renew))
        except CrmError as error:
            return error


def in_turn(session: Session, requests: Sequence[Request]) -> Iterator[Answers | CrmError]:
    """Send one after another, the next one while an answer is being worked on; after an error only when asked to."""
    with Flights(session) as flights:
        flights.start(requests[:1])
        for number in range(len(requests)):
            following = requests[number + 1 : number + 2]
            (landed,) = flights.land()
            if isinstance(landed, CrmError):
                yield landed
                flights.start(following)
            else:
                flights.start(following)
                yield landed
