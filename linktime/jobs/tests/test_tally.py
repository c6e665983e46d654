"""What processes count is added up in the database; rows that are written once are counted once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, transaction

from linktime.core import counting
from linktime.core.counting import Series, count
from linktime.jobs import tally
from linktime.jobs.models import Bookmark, Tally
from linktime.jobs.uncounted import LATE, take_uncounted

APPLES, PEARS = Series("apples", (("colour", "red"),)), Series("pears", (), "+Inf")


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    counting.take()
    yield
    counting.take()


def found() -> dict[str, float]:
    return dict(Tally.objects.values_list("metric", "value"))


@pytest.mark.django_db
def test_counts_are_added_to_what_is_there():
    tally.add({APPLES: 1, PEARS: 0.5})
    tally.add({APPLES: 2})
    tally.add({})
    assert found() == {"apples": 3, "pears": 0.5}
    assert Tally.objects.get(metric="apples").labels == {"colour": "red"}


@pytest.mark.django_db(transaction=True)
def test_processes_that_bring_the_same_counts_at_once_lose_nothing():
    """Whatever order they counted in, none waits for the other for ever."""

    def bring(turn: int) -> None:
        counts = [(APPLES, 1), (PEARS, 1)]
        tally.add(dict(counts if turn % 2 else reversed(counts)))
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(bring, range(80)))
    assert found() == {"apples": 80, "pears": 80}


@pytest.mark.django_db
def test_counts_wait_while_the_database_is_away(monkeypatch):
    def fail(counts):
        raise OperationalError

    count("apples")
    with monkeypatch.context() as away:
        away.setattr(tally, "add", fail)
        tally.bring()
    count("apples")
    tally.bring()
    assert found() == {"apples": 2}


@pytest.mark.django_db(transaction=True)
def test_the_last_counts_are_brought_when_a_process_ends(settings):
    settings.METRICS_TOKEN = "token"
    with tally.brought():
        count("apples")
        assert found() == {}
    assert found() == {"apples": 1}


@pytest.mark.django_db
def test_where_nobody_asks_nothing_is_brought(settings):
    settings.METRICS_TOKEN = ""
    before = threading.active_count()
    with tally.brought():
        count("apples")
        assert threading.active_count() == before
    assert found() == {}


def add_rows(*ids: int) -> None:
    """Any table will do whose rows are numbered."""
    Tally.objects.bulk_create(Tally(pk=pk, metric=f"row {pk}", value=0) for pk in ids)


@pytest.mark.django_db
def test_each_row_is_counted_once():
    add_rows(1, 2, 3)
    with transaction.atomic():
        assert sorted(take_uncounted(Tally, most=2)) == [1, 2]
        assert take_uncounted(Tally, most=2) == [3]
        assert take_uncounted(Tally, most=2) == []


@pytest.mark.django_db
def test_a_row_that_was_committed_late_is_counted_too():
    add_rows(1, 3)
    assert sorted(take_uncounted(Tally, most=10)) == [1, 3]
    assert Bookmark.objects.get().gaps == [2]
    add_rows(2)
    assert take_uncounted(Tally, most=10) == [2]
    assert Bookmark.objects.get().gaps == []


@pytest.mark.django_db
def test_a_row_that_never_came_is_not_looked_for_for_ever():
    add_rows(1, 3)
    take_uncounted(Tally, most=10)
    add_rows(LATE + 3)
    take_uncounted(Tally, most=2 * LATE)
    assert 2 not in Bookmark.objects.get().gaps


@pytest.mark.django_db
def test_counting_goes_on_when_the_newest_rows_were_deleted():
    add_rows(1, 2, 3)
    take_uncounted(Tally, most=10)
    Tally.objects.filter(pk__gt=1).delete()
    add_rows(4)
    assert take_uncounted(Tally, most=10) == [4]


@pytest.mark.django_db(transaction=True)
def test_two_who_count_at_once_do_not_count_twice():
    add_rows(1, 2)
    Bookmark.objects.create(name="jobs_tally")

    def other() -> list[int] | None:
        try:
            with transaction.atomic():
                return take_uncounted(Tally, most=10)
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        assert len(take_uncounted(Tally, most=10)) == 2
        assert pool.submit(other).result(10) is None
    assert other() == []
