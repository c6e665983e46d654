"""No idempotency keys: what becomes of a request whose answer never came."""

from linktime.crm.providers.attio.tests.shown import titles
from linktime.crm.testing.looking import only, record_of

HALF_A_MINUTE = {"seconds": 35}
A_MINUTE = {"seconds": 65}
A_QUARTER = {"minutes": 17}
LOST = {"kind": "commit_then_drop"}
SERVER_ERROR = {"kind": "status", "status": 500, "body": "oops", "commit": True}
UNREADABLE = {"kind": "status", "status": 200, "body": '{"data": ', "commit": True}


def test_what_was_logged_before_an_answer_was_lost_is_remembered(connected, emulator, later):
    """The second of three notes is lost: the first counts, and nothing is written twice."""
    booking = connected.book("grace@example.com")
    connected.move(booking)
    connected.cancel(booking)
    emulator.fault(LOST, method="POST", path="/v2/notes$", skip=1, times=1)
    connected.drain()
    record = record_of(booking)
    assert (record.shown_revision, record.state, record.attempt["values"]["revision"]) == (1, "pending", 2)
    connected.drain(later(**HALF_A_MINUTE))
    assert [title.split()[0] for title in titles(emulator)] == ["Booked:", "[Rescheduled]", "[Cancelled]"]
    assert len(record_of(booking).remote["notes"]) == 3


def test_a_note_is_found_among_many_pages(connected, emulator, later):
    person = emulator.create("people", name="Hopper, Grace", email_addresses=["grace@example.com"])
    for number in range(105):
        emulator.create("notes", parent_record_id=person, title=f"{number}", content="Called")
    emulator.fault(LOST, method="POST", path="/v2/notes$", times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.drain(later(**HALF_A_MINUTE))
    assert record_of(booking).state == "synced"
    assert len(emulator.state()["notes"]) == 106


def lose_and_write_again(connected, emulator, later):
    """Leave a twin: the first note arrives when it has been written again."""
    emulator.fault({"kind": "drop"}, method="POST", path="/v2/notes$", times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.drain(later(**A_MINUTE))
    note = only(emulator.state()["notes"])
    fields = {"title": note["title"], "content": note["content_plaintext"]}
    return booking, emulator.create("notes", parent_record_id=note["parent_record_id"], **fields)


def test_the_last_copy_stays_when_somebody_deleted_the_one_that_we_know(connected, emulator, later):
    booking, twin = lose_and_write_again(connected, emulator, later)
    emulator.delete(record_of(booking).meeting_id)
    connected.drain(later(**A_QUARTER))
    assert only(emulator.state()["notes"])["id"]["note_id"] == twin
