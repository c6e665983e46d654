"""The lock that everything takes before it uses up a host's time."""

from collections.abc import Iterable

from django.db.models import QuerySet

from linktime.accounts.models import User
from linktime.core.compiled import Compiled, Given
from linktime.scheduling.models import Place


def lock(host_ids: Iterable[int]) -> list[int]:
    """Lock the hosts' rows until the caller's transaction ends, always in id order: nobody deadlocks. Return their ids.

    The lock leaves rows that merely refer to a host alone (FOR NO KEY UPDATE).
    """
    return list(_locked(User.objects.filter(id__in=set(host_ids))))


def lock_all_of(event_type_id: int) -> list[int]:
    """Lock the rows of all hosts of an event type, as `lock` does."""
    return _locked_of_event_type(event_type=event_type_id)


def _locked(users: QuerySet[User]) -> QuerySet[User, int]:
    return users.select_for_update(no_key=True).order_by("id").values_list("id", flat=True)


_locked_of_event_type = Compiled(
    lambda: _locked(User.objects.filter(id__in=Place.objects.filter(event_type=Given("event_type")).values("host_id")))
)
