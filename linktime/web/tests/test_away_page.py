"""Days out of office, and in other time zones."""

import pytest

from linktime.scheduling.models import Absence
from tests.people import NOW

PAGE = "/dashboard/availability/away"


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch):
    monkeypatch.setattr("linktime.core.clock.now", lambda: NOW)


def typed(person, **changed):
    return {"host": person.user.pk, "start": "2026-12-24", "end": "2027-01-02", "time_zone": "", "reason": ""} | changed


def test_days_away_are_noted_listed_and_removed(as_alice, alice, bob):
    as_alice.post(PAGE, typed(alice, reason="Skiing"))
    as_alice.post(PAGE, typed(bob, time_zone="Asia/Tokyo"))
    page = as_alice.get(PAGE).text
    for words in ("Skiing", "Out of office", "Tokyo, Japan", "Bob Babbage", "24 December 2026"):
        assert words in page
    mine = Absence.objects.get(host=alice.user)
    as_alice.post(f"{PAGE}/{mine.pk}/delete")
    assert "Skiing" not in as_alice.get(PAGE).text


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"end": "2026-12-01"}, "end"), ({"start": "soon"}, "start"), ({"time_zone": "Mars"}, "time_zone")],
)
def test_faults_stand_at_their_fields_and_the_rest_is_kept(as_alice, alice, changed, field):
    response = as_alice.post(PAGE, typed(alice, reason="Skiing", **changed))
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in response.text
    assert 'value="Skiing"' in response.text
    assert not Absence.objects.exists()


def test_nobody_is_in_two_zones_at_once(as_alice, alice):
    as_alice.post(PAGE, typed(alice, time_zone="Asia/Tokyo"))
    response = as_alice.post(PAGE, typed(alice, time_zone="Europe/Paris"))
    assert 'id="id_start_error"' in response.text
    assert Absence.objects.count() == 1


def test_a_strangers_days_are_out_of_reach(as_charlie, alice):
    theirs = Absence.objects.create(account=alice.account, host=alice.user, start=NOW, end=NOW, reason="Skiing")
    assert "Skiing" not in as_charlie.get(PAGE).text
    assert as_charlie.post(f"{PAGE}/{theirs.pk}/delete").status_code == 404
    assert as_charlie.post(PAGE, typed(alice)).status_code == 422
