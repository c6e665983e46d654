"""Time zones to pick from."""

import pytest

from linktime.web import zones
from tests.people import NOW


def names(search):
    return [choice.name for choice in zones.choices(NOW, search)]


@pytest.mark.parametrize(
    ("search", "found"),
    [("london", "Europe/London"), ("britain", "Europe/London"), ("new york", "America/New_York"),
     ("UTC+05:45", "Asia/Kathmandu"), ("japan", "Asia/Tokyo"), ("coordinated", "UTC")],
)  # fmt: skip
def test_places_are_found_by_city_country_and_offset(search, found):
    assert found in names(search)


def test_they_go_from_west_to_east():
    assert names("")[0].startswith("Pacific/")
    assert names("nothing like it") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("Asia/Calcutta", "Asia/Kolkata"), ("US/Pacific", "America/Los_Angeles"), ("Europe/Kiev", "Europe/Kyiv"),
     ("Europe/Amsterdam", "Europe/Amsterdam"), ("Nowhere/At_All", "UTC")],
)  # fmt: skip
def test_old_names_lead_to_todays(old, new):
    assert zones.zone(old).key == new


def test_the_list_leads_back_with_the_choice_and_nowhere_else(client, db):
    page = client.get("/b/time-zones?next=/alice/intro-call%3Fday%3D2026-11-24").content.decode()
    assert 'href="/alice/intro-call?day=2026-11-24&amp;zone=Europe%2FLondon"' in page
    for elsewhere in ("//evil.example.com", "https://evil.example.com", "/\\evil.example.com", "javascript:alert(1)"):
        assert "evil.example" not in client.get("/b/time-zones", {"next": elsewhere}).content.decode()
