"""What a demo begins with."""

import json

import pytest

from linktime.accounts.models import ApiKey, Plan, User
from linktime.cli.demo import seed
from linktime.cli.demo.connect import connect_missing
from linktime.connections.models import Connection
from linktime.core import clock
from linktime.crm import registry
from tests.installation import services

pytestmark = pytest.mark.django_db


@pytest.fixture
def emulator(running_emulator, settings):
    settings.SERVICES = services(running_emulator)
    return running_emulator


def test_it_is_as_promised_and_a_second_time_changes_nothing(emulator, tmp_path):
    seed.sow(tmp_path)
    first = json.loads((tmp_path / "account.json").read_text())
    seed.sow(tmp_path)
    assert json.loads((tmp_path / "account.json").read_text()) == first
    ada = User.objects.get(email=first["email"])
    account = ada.accounts.get()
    assert (ada.name, ada.time_zone, account.plan, account.handle) == ("Ada Lovelace", "Europe/London", Plan.PRO, "ada")
    assert ada.check_password(first["password"])
    assert ApiKey.objects.get().scope == "read-write"
    states = dict(Connection.objects.values_list("service", "state"))
    assert states == dict.fromkeys(registry.crms(), "connected")


def test_the_event_types_are_as_promised(emulator, tmp_path):
    seed.sow(tmp_path)
    ada = User.objects.get(email=seed.EMAIL)
    intro, deep = ada.event_types.order_by("id")
    assert (intro.slug, intro.title, intro.durations, intro.minimum_notice) == ("intro-call", "Intro call", [30], 0)
    assert intro.window == {"kind": "rolling", "days": 60}
    assert (deep.slug, deep.title, deep.durations, deep.minimum_notice) == ("deep-dive", "Deep dive", [60], 240)
    assert (deep.buffer_before, deep.buffer_after) == (15, 15)
    assert intro.schedule.weekly == seed.HOURS["weekly"]
    assert intro.schedule.time_zone == "Europe/London"


def test_a_key_that_was_revoked_is_replaced(emulator, tmp_path):
    seed.sow(tmp_path)
    first = json.loads((tmp_path / "account.json").read_text())
    ApiKey.objects.all().delete()
    seed.sow(tmp_path)
    again = json.loads((tmp_path / "account.json").read_text())
    assert again["api_key"] != first["api_key"]
    assert again["password"] == first["password"]


def test_what_somebody_disconnected_stays_so(emulator, alice):
    connect_missing(alice.actor, clock.now())
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    connect_missing(alice.actor, clock.now())
    assert set(Connection.objects.values_list("state", flat=True)) == {Connection.State.DISCONNECTED}
