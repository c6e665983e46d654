"""Who reconnects while somebody books: neither waits for the other, which could end as a deadlock."""

from threading import Thread

import pytest
from django.db import connection, transaction

from linktime.accounts.models import ApiKey
from linktime.crm.testing.place import Place

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(stage):
    place = Place.opened("place")
    place.take_grant(stage.crm, stage.grant(), url=stage.url)
    return place


def test_rows_of_an_account_are_written_while_it_reconnects(place, stage):
    """A booking's transaction holds a sync record, which the reconnection waits for, and goes on to write others."""

    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '3s'")
            ApiKey.issue(account=place.account, user=place.user, name="test", scope=ApiKey.Scope.READ)
        written.append(True)
        connection.close()

    written = []
    thread = Thread(target=write)
    with transaction.atomic():
        place.take_grant(stage.crm, stage.grant(), url=stage.url)
        thread.start()
        thread.join()
    assert written
