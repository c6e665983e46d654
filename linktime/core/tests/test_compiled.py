"""A queryset whose SQL is made once gives what it would give anew."""

import threading

import pytest
from django.db import connection

from linktime.accounts.models import Account, User
from linktime.core.compiled import Compiled

pytestmark = pytest.mark.django_db


@pytest.fixture
def names():
    User.objects.bulk_create(User(email=f"{name}@example.com", name=name) for name in ("Ada", "Grace", "Mary"))
    return Compiled(
        lambda: User.objects.filter(name__gte="", name__lt="").order_by("name").values_list("name", flat=True)
    )


def test_each_call_has_its_own_parameters(names):
    assert [names("A", "H"), names("H", "Z"), names("A", "B")] == [["Ada", "Grace"], ["Mary"], ["Ada"]]


def test_objects_come_with_their_relations(alice, django_assert_num_queries):
    memberships = Compiled(lambda: alice.user.memberships.model.objects.filter(user=0).select_related("account"))
    with django_assert_num_queries(1):
        (membership,) = memberships(alice.user.pk)
        assert membership.account == alice.account


def test_the_sql_is_made_once(names, monkeypatch):
    names("A", "Z")
    monkeypatch.setattr(User.objects.none().query.__class__, "get_compiler", lambda *_, **__: 1 / 0)
    assert names("M", "Z") == ["Mary"]


def test_a_wrong_number_of_parameters_is_told():
    with pytest.raises(TypeError, match="2 parameters, not 1"):
        Compiled(lambda: Account.objects.filter(handle="", name=""))("alice")


@pytest.mark.django_db(transaction=True)
def test_threads_ask_over_connections_of_their_own(names):
    found = []

    def ask() -> None:
        found.append(names("G", "H"))
        connection.close()

    names("A", "B")
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["Grace"]] * 4
