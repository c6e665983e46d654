"""The lock that everything takes before it uses up a host's time."""

from collections.abc import Iterable

from django.db.models import QuerySet

from linktime.accounts.models import User


def lock(host_ids: Iterable[int]) -> list[int]:
    """Lock the hosts' rows until the caller's transaction ends, always in id order: nobody deadlocks. Return their ids.

    The lock leaves rows that merely refer to a host alone (FOR NO KEY UPDATE).
    """
    ids = host_ids if isinstance(host_ids, QuerySet) else set(host_ids)
    locked = User.objects.select_for_update(no_key=True).filter(id__in=ids).order_by("id")
    return list(locked.values_list("id", flat=True))
