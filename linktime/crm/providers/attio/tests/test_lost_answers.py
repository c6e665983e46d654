"""No idempotency keys: what becomes of a request whose answer never came."""

import pytest

from linktime.crm.providers.attio.tests.test_story import only, record_of, titles

HALF_A_MINUTE = {"seconds": 35}
A_MINUTE = {"seconds": 65}
A_QUARTER = {"minutes": 17}
LOST = {"kind": "commit_then_drop"}
SERVER_ERROR = {"kind": "status", "status": 500, "body": "oops", "commit": True}
UNREADABLE = {"kind": "status", "status": 200, "body": '{"data": ', "commit": True}


@pytest.mark.parametrize("action", [LOST, SERVER_ERROR, UNREADABLE])
def test_a_note_that_arrived_is_adopted(connected, emulator, later, action):
    emulator.fault(action, method="POST", path="/v2/notes$", times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    record = record_of(booking)
    assert (record.state, record.shown_revision) == ("pending", 0)
    assert record.attempt["values"]["revision"] == 1
    connected.drain(later(**HALF_A_MINUTE))
    assert record_of(booking).state == "synced"
    assert record_of(booking).meeting_id == only(emulator.state()["notes"])["id"]["note_id"]
    assert record_of(booking).remote["web_url"] == only(emulator.state()["people"])["web_url"]


def test_a_note_that_did_not_arrive_is_sent_again_only_when_it_no_longer_can(connected, emulator, later):
    """Not before the total time-out of a call: the other side may still be at work."""
    emulator.fault({"kind": "drop"}, method="POST", path="/v2/notes$", times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.drain(later(**HALF_A_MINUTE))
    assert emulator.state()["notes"] == []
    assert record_of(booking).attempt is not None
    connected.drain(later(**A_MINUTE))
    assert record_of(booking).state == "synced"
    assert len(emulator.state()["notes"]) == 1


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize("kind", ["drop", "commit_then_drop"])
def test_a_lost_answer_about_the_person_is_simply_asked_again(connected, emulator, later, method, kind):
    emulator.fault({"kind": kind}, method=method, times=1)
    booking = connected.book("grace@example.com", phone="+12025550123")
    connected.drain()
    assert (record_of(booking).error_code, record_of(booking).attempt) == ("answer_lost", None)
    connected.drain(later(**HALF_A_MINUTE))
    person = only(emulator.state()["people"])
    assert len(person["values"]["phone_numbers"]) == len(person["values"]["name"]) == 1
    assert len(emulator.state()["notes"]) == 1


def test_changes_made_meanwhile_follow_what_arrived(connected, emulator, later):
    emulator.fault(LOST, method="POST", path="/v2/notes$", times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.move(booking)
    connected.cancel(booking)
    connected.drain(later(**HALF_A_MINUTE))
    assert [title.split()[0] for title in titles(emulator)] == ["Booked:", "[Rescheduled]", "[Cancelled]"]
    assert record_of(booking).shown_revision == 3


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


def test_a_look_up_that_fails_is_no_not_found(connected, emulator, later):
    """However long ago the note was sent: what could not be looked up is not written again."""
    emulator.fault(LOST, method="POST", path="/v2/notes$", times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    emulator.fault({"kind": "status", "status": 503, "body": "busy"}, method="GET", path="/v2/notes$", times=1)
    connected.drain(later(**A_MINUTE))
    assert record_of(booking).attempt is not None
    assert len(emulator.state()["notes"]) == 1


def lose_and_write_again(connected, emulator, later):
    """Leave a twin: the first note arrives when it has been written again."""
    emulator.fault({"kind": "drop"}, method="POST", path="/v2/notes$", times=1)
    booking = connected.book("grace@example.com")
    connected.drain()
    connected.drain(later(**A_MINUTE))
    note = only(emulator.state()["notes"])
    fields = {"title": note["title"], "content": note["content_plaintext"]}
    return booking, emulator.create("notes", parent_record_id=note["parent_record_id"], **fields)


def test_a_late_twin_that_nobody_touched_is_removed_after_a_quarter_of_an_hour(connected, emulator, later):
    booking, _ = lose_and_write_again(connected, emulator, later)
    connected.drain(later(minutes=10))
    assert len(emulator.state()["notes"]) == 2
    connected.drain(later(**A_QUARTER))
    assert [note["id"]["note_id"] for note in emulator.state()["notes"]] == [record_of(booking).meeting_id]
    assert (record_of(booking).doubt, record_of(booking).recheck_at) == (None, None)


def test_a_late_twin_that_somebody_touched_stays(connected, emulator, later):
    _, twin = lose_and_write_again(connected, emulator, later)
    emulator.update(twin, content="Ours, and more")
    connected.drain(later(**A_QUARTER))
    assert len(emulator.state()["notes"]) == 2


def test_the_last_copy_stays_when_somebody_deleted_the_one_that_we_know(connected, emulator, later):
    booking, twin = lose_and_write_again(connected, emulator, later)
    emulator.delete(record_of(booking).meeting_id)
    connected.drain(later(**A_QUARTER))
    assert only(emulator.state()["notes"])["id"]["note_id"] == twin
