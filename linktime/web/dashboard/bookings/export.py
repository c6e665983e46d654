"""Bookings as CSV, for spreadsheets."""

import csv
import re
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from linktime.bookings.answers import readable
from linktime.bookings.models import Booking, BookingHost
from linktime.web.reading import Reading

COLUMNS = (
    "Start", "End", "Time zone", "Event type", "Status", "Hosts", "Invitee", "Email", "Phone", "Invitee's time zone",
    "Guests", "Where", "Notes", "Answers", "Booked at", "Link",
)  # fmt: skip
AT_A_TIME = 500
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it, Excel does not read UTF-8
# What spreadsheets take for a formula, whoever typed it (OWASP, CSV injection); a number of ours is none.
FORMULA = re.compile(r"^[\s]*[=+\-@\t\r|%]")
PHONE = re.compile(r"\+\d{4,20}")


class Line:
    """A file that gives back what is written into it."""

    def write(self, text: str) -> str:
        return text


def lines(bookings: QuerySet[Booking], reading: Reading) -> Iterator[str]:
    """Return the file line by line, so that any number of bookings takes little memory."""
    writer = csv.writer(Line())
    yield MARK + str(writer.writerow(COLUMNS))
    hosts = Prefetch("booking_hosts", BookingHost.objects.select_related("host").order_by("id"))
    for booking in bookings.prefetch_related(hosts).iterator(chunk_size=AT_A_TIME):
        yield str(writer.writerow([cell(value) for value in row(booking, reading)]))


def row(booking: Booking, reading: Reading) -> Iterable[str]:
    answers = [f"{answer['label']}: {readable(answer['value'])}" for answer in booking.answers]
    return (
        f"{reading.local(booking.start):%Y-%m-%d %H:%M}",
        f"{reading.local(booking.end):%Y-%m-%d %H:%M}",
        reading.zone.key,
        booking.title,
        booking.get_status_display(),
        ", ".join(str(taken.host) for taken in booking.booking_hosts.all()),
        booking.invitee_name,
        booking.invitee_email,
        booking.invitee_phone,
        booking.invitee_time_zone,
        ", ".join(booking.guests),
        booking.location,
        booking.notes,
        "\n".join(answers),
        f"{reading.local(booking.created_at):%Y-%m-%d %H:%M}",
        f"{settings.BASE_URL}/dashboard/bookings/{booking.uid}",
    )


def cell(value: str) -> str:
    """Return a text that no spreadsheet calculates: an apostrophe before it makes it a text there."""
    return f"'{value}" if FORMULA.match(value) and not PHONE.fullmatch(value) else value
