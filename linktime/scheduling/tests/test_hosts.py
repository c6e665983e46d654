"""The lock on hosts."""

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from linktime.scheduling import hosts


def test_hosts_are_locked_in_one_order(alice, bob):
    """Whoever asks, and in whatever order, the lower id is locked first, and each host once."""
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        held = hosts.lock([bob.user.pk, alice.user.pk, bob.user.pk])
    assert held == [alice.user.pk, bob.user.pk]
    assert queries[0]["sql"].endswith("ORDER BY 1 ASC FOR NO KEY UPDATE")
