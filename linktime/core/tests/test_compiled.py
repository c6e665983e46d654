"""SQL that is made once does what it would do made anew."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.db.models import Q
from django.db.models.functions import Upper

from linktime.accounts.models import Account, User
from linktime.bookings.models import Booking, BookingChange, BookingHost
from linktime.core.compiled import Compiled, Given, Insert
from linktime.scheduling.models import EventType
from tests.people import NOW, make_event_type

pytestmark = pytest.mark.django_db


@pytest.fixture
def names():
    User.objects.bulk_create(User(email=f"{name}@example.com", name=name) for name in ("Ada", "Grace", "Mary"))
    return Compiled(
        lambda: (
            User.objects.filter(name__lt=Given("before"), name__gte=Given("first"))
            .order_by("name")
            .values_list("name", flat=True)
        )
    )


def test_each_call_has_its_own_parameters(names):
    assert [names(first="A", before="H"), names(first="H", before="Z"), names(first="A", before="B")] == [
        ["Ada", "Grace"],
        ["Mary"],
        ["Ada"],
    ]


def test_objects_come_with_their_relations(alice, django_assert_num_queries):
    memberships = Compiled(
        lambda: alice.user.memberships.model.objects.filter(user=Given("user")).select_related("account")
    )
    with django_assert_num_queries(1):
        (membership,) = memberships(user=alice.user.pk)
        assert membership.account == alice.account


def test_objects_come_with_their_annotations_and_converted(alice):
    make_event_type(alice)
    made_anew = EventType.objects.filter(slug="intro-call").annotate(shout=Upper("title"))
    compiled = Compiled(lambda: EventType.objects.filter(slug=Given("slug")).annotate(shout=Upper("title")))
    (found,) = compiled(slug="intro-call")
    (expected,) = made_anew
    assert {**vars(found), "_state": None} == {**vars(expected), "_state": None}
    assert vars(found._state) == vars(expected._state)
    assert (found.durations, found.shout) == ([30], "INTRO CALL")


def test_the_sql_is_made_once(names, monkeypatch):
    names(first="A", before="Z")
    monkeypatch.setattr(User.objects.none().query.__class__, "get_compiler", lambda *_, **__: 1 / 0)
    assert names(first="M", before="Z") == ["Mary"]


@pytest.mark.parametrize("given", [{}, {"handle": "alice", "name": "Alice"}])
def test_what_is_not_given_or_not_asked_for_is_told(given):
    compiled = Compiled(lambda: Account.objects.filter(handle=Given("handle"), name="Alice"))
    with pytest.raises(TypeError, match="takes"):
        compiled(**given)


def test_what_is_not_given_stays_as_it_was(alice):
    compiled = Compiled(lambda: Account.objects.filter(handle=Given("handle"), name=alice.account.name)[:1])
    assert [compiled(handle=handle) for handle in (alice.account.handle, "bob")] == [[alice.account], []]


def test_one_value_can_stand_in_several_places(alice):
    either = Q(handle=Given("text")) | Q(pk__in=Account.objects.filter(name=Given("text")))
    compiled = Compiled(lambda: Account.objects.filter(either))
    texts = (alice.account.handle, alice.account.name, "nobody")
    assert [compiled(text=text) for text in texts] == [[alice.account], [alice.account], []]


@pytest.mark.django_db(transaction=True)
def test_threads_ask_over_connections_of_their_own(names):
    found = []

    def ask() -> None:
        found.append(names(first="G", before="H"))
        connection.close()

    names(first="A", before="B")
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["Grace"]] * 4


def test_a_row_is_written_as_save_writes_it(alice):
    """Lists, ranges, and defaults."""
    event_type = make_event_type(alice)
    insert, insert_host, insert_change = Insert(Booking), Insert(BookingHost), Insert(BookingChange)
    for hour, name in ((1, "Grace \N{SNOWMAN}"), (2, "Mary")):
        start, end = NOW + timedelta(hours=hour), NOW + timedelta(hours=hour + 1)
        booking = Booking(
            account=alice.account, event_type=event_type, title="Meet", start=start, end=end, invitee_name=name,
            invitee_email="grace@example.com", invitee_time_zone="UTC", guests=[name], created_at=NOW,
        )  # fmt: skip
        assert insert(booking) is booking
        host = insert_host(BookingHost(booking=booking, host=alice.user, during=(start, end), occasion=uuid4()))
        change = BookingChange(booking=booking, kind="booked", revision=1, at=NOW, start=start, end=end, trace="")
        insert_change(change)
        stored = Booking.objects.get(pk=booking.pk)
        assert (stored.uid, stored.guests, stored.start, stored.invitee_name) == (booking.uid, [name], start, name)
        assert (stored.expires_at, stored.status) == (None, "confirmed")
        assert BookingHost.objects.get(pk=host.pk).during.upper == end
        assert BookingChange.objects.get(pk=change.pk).at == NOW
        assert (booking._state.adding, booking._state.db) == (False, "default")


def test_a_default_of_the_database_is_not_guessed():
    with pytest.raises(TypeError, match="every column"):
        Insert(BookingChange)(BookingChange(kind="booked", revision=1, at=NOW, start=NOW, end=NOW))


def test_what_the_database_refuses_is_an_integrity_error(alice):
    with pytest.raises(IntegrityError, match="accounts_account_handle"):
        Insert(Account)(Account(name="Other", handle=alice.account.handle))
