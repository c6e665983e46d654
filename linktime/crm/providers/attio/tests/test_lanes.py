"""What becomes of pushes side by side when one of them stops everything, without a network and a database."""

import json
import threading
import time

import pytest

from linktime.core.http import NotSent, Response
from linktime.crm.contract import Push, Step, TakenOver, TryAgain
from linktime.crm.providers.attio.lanes import Lanes
from linktime.crm.providers.attio.pushes import steps_of
from linktime.crm.providers.attio.tests.test_convert import BOOKED, START, meeting, moved

ID = "5f2a9c1e-7c1a-4d53-9d37-3c2b1a0f9e8d"
PERSON = {
    "id": {"record_id": ID},
    "web_url": "https://app.attio.com/x/person/1",
    "values": {"name": [{"full_name": "G"}]},
}


class Script:
    """A session that answers as `script(method, body)` says, and writes down who created what in which thread."""

    api_url = "https://api.attio.com"

    def __init__(self, script):
        self.script, self.created, self.threads = script, [], set()

    def send(self, method, path, *, json_body=None, headers=None, about=None):
        return self.script(method, json.dumps(json_body))

    def creating(self, attempts):
        self.created += attempts
        self.threads.add(threading.get_ident())


def answer(data):
    return Response(200, {}, json.dumps({"data": data}).encode())


def push(key, email):
    invitee = meeting().invitee
    changed = meeting(
        uid=f"u{key}",
        revision=2,
        invitee=type(invitee)(invitee.name, email, "", invitee.time_zone, "en"),
        history=(BOOKED, moved(2, START)),
    )
    return Push(key, changed, Step.CREATE)


def run(session, *pushes):
    return [outcome for group in Lanes(session, steps_of, width=6).run(pushes) for outcome in group]


def test_what_was_written_before_everything_stopped_is_told_first():
    """The second note is not announced any more, and the trouble comes last."""

    def script(method, body):
        if "bad@example.com" in body:
            time.sleep(0.15)
            raise NotSent("no connection")
        if method == "PUT":
            return answer(PERSON)
        time.sleep(0.4)
        return answer({"id": {"note_id": "n1"}})

    session = Script(script)
    good, bad = run(session, push(1, "good@example.com"), push(2, "bad@example.com"))
    assert (good.key, good.revision, good.error, good.remote.meeting_id) == (1, 1, None, "n1")
    assert (bad.key, type(bad.error), bad.spent.calls) == (2, TryAgain, 1)
    assert session.created == [1]


def test_nothing_is_begun_after_everything_stopped():
    def script(method, body):
        raise NotSent("no connection")

    outcomes = run(Script(script), *(push(key, f"invitee{key}@example.com") for key in range(30)))
    assert 1 <= len(outcomes) <= 6


def test_creates_are_announced_in_the_thread_that_asked():
    session = Script(lambda method, body: answer(PERSON if method == "PUT" else {"id": {"note_id": "n"}}))
    outcomes = run(session, *(push(key, f"invitee{key}@example.com") for key in range(4)))
    assert [outcome.error for outcome in outcomes] == [None] * 4
    assert {outcome.spent.calls for outcome in outcomes} == {3}
    assert session.threads == {threading.get_ident()}
    assert sorted(session.created) == [0, 0, 1, 1, 2, 2, 3, 3]


def test_being_taken_over_ends_everything():
    def script(method, body):
        raise TakenOver

    with pytest.raises(TakenOver):
        run(Script(script), push(1, "grace@example.com"))
