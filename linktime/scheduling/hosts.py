"""The lock that everything takes before it uses up a host's time."""

from collections.abc import Iterable

from linktime.accounts.models import User


def lock(host_ids: Iterable[int]) -> list[User]:
    """Lock the hosts' rows until the caller's transaction ends, always in id order: nobody deadlocks.

    The lock leaves rows that merely refer to a host alone (FOR NO KEY UPDATE).
    """
    return list(User.objects.select_for_update(no_key=True).filter(id__in=set(host_ids)).order_by("id"))
