"""`Retry-After` in both of its forms, and what is neither."""

from datetime import timedelta

import pytest

from linktime.core.retry_after import retry_after

DATE = "Tue, 23 May 2023 14:42:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "0"}, 0),
        ({"retry-after": " 86400 "}, 86400),
        ({"retry-after": "Tue, 23 May 2023 14:42:05 GMT", "date": DATE}, 5),
        ({"retry-after": "Tue, 23 May 2023 14:42:05 -0000", "date": DATE}, 5),
        ({"retry-after": "Tue, 23 May 2023 14:41:00 GMT", "date": DATE}, 1),
        ({"retry-after": "Tue, 23 May 2023 14:42:05 GMT"}, 1),
    ],
)
def test_seconds_and_dates(headers, seconds):
    """A date counts by the clock of the one who wrote it; one that has passed is a moment."""
    assert retry_after(headers) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", [None, "", "soon", "-5", "1.5", "٣", "Tue, 99 May 2023 14:42:05 GMT"])
def test_what_cannot_be_read_says_nothing(text):
    assert retry_after({} if text is None else {"retry-after": text}) is None


def test_a_number_without_measure_does_not_overflow():
    assert retry_after({"retry-after": "9" * 50}) == timedelta(seconds=10**8)
