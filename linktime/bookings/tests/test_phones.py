"""Phone numbers as people type them."""

import pytest

from linktime.bookings.phones import phone
from linktime.core.errors import Invalid

KEPT = [
    ("+44 20 7946 0958", "UTC", "+442079460958"),
    ("+44 (0)20 7946 0958", "UTC", "+442079460958"),
    ("+1-202-555-0123", "Europe/London", "+12025550123"),
    ("+447700900123", "UTC", "+447700900123"),
    ("020 7946 0958", "Europe/London", "+442079460958"),
    ("(202) 555-0123", "America/New_York", "+12025550123"),
    ("030 901820", "Europe/Berlin", "+4930901820"),
    ("98765 43210", "Asia/Calcutta", "+919876543210"),
    ("(202) 555-0123", "US/Eastern", "+12025550123"),
    ("020 123 4567", "Europe/Amsterdam", "+31201234567"),
    ("", "UTC", ""),
    ("  ", "UTC", ""),
]


@pytest.mark.parametrize(("typed", "zone", "kept"), KEPT)
def test_what_is_kept(typed, zone, kept):
    """Numbers are kept in E.164; one without + is one of the country that the time zone names."""
    assert phone(typed, time_zone=zone) == kept


REFUSED = [
    ("12345", "Europe/London"),
    ("020 7946 0958", "UTC"),
    ("020 7946 0958", "America/New_York"),
    ("+44", "UTC"),
    ("+999 1234567", "UTC"),
    ("+1 202 555 0123 or so", "UTC"),
    ("+1 202 555 0123 ext. 5", "UTC"),
    ("1-800-FLOWERS", "America/New_York"),
    ("+1202555012345678", "UTC"),
    ("+" + "1" * 60, "UTC"),
    ("+44 20\r\n7946 0958", "UTC"),
    (442079460958, "UTC"),
]


@pytest.mark.parametrize(("typed", "zone"), REFUSED)
def test_what_cannot_be_a_number(typed, zone):
    """Nothing is cut off or guessed to make a number of a text."""
    with pytest.raises(Invalid):
        phone(typed, time_zone=zone)
