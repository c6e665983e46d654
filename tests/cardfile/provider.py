"""Cardfile: nothing is ever made twice there, so there is nothing to look up."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

from linktime.core.http import HttpError
from linktime.core.meeting import Status
from linktime.crm.contract import (
    CrmError,
    Drift,
    DriftKind,
    Finding,
    Gone,
    Level,
    Outcome,
    Reconnect,
    Rejected,
    Remote,
    Scope,
    Seen,
    Step,
    TryAgain,
    Write,
)
from tests.cardfile import convert
from tests.cardfile.manifest import MANIFEST


class Cardfile:
    manifest = MANIFEST

    def push(self, session, pushes):
        for push in pushes:
            try:
                key = push.remote.written.get("key", push.meeting.uid)
                yield [_changed(session, push) if push.step == Step.UPDATE else _put(session, push, key)]
            except CrmError as error:
                yield [Outcome(push.key, error=error)]

    def remove_twins(self, session, attempt, remote):
        return ""

    def unsure(self, push):
        return None

    def check(self, session):
        for name in _call(session, "GET", "/me")["needed"]:
            yield Finding(Level.ERROR, "lacking", f"A card needs a {name}.", "card", name)

    def preview(self, meeting, *, before, known):
        if before:
            return [Write("appointment", creates=False, fields=convert.changes(meeting))]
        card = Write("card", creates=True, fields={"email": meeting.invitee.email, **convert.card(meeting)})
        appointment = Write("appointment", creates=True, fields=convert.appointment(meeting, "(the card)"))
        return [appointment] if known else [card, appointment]

    def read_back(self, session, pushes):
        for push in pushes:
            try:
                there = _call(session, "GET", f"/appointments/{push.remote.meeting_id}")
            except Gone:
                key = f"{push.remote.meeting_id}-again"  # what was thrown away never comes back by its key
                anew = Remote(contact_id=push.remote.contact_id, written={"key": key})
                yield [Seen(push.key, Drift(DriftKind.DELETED, "It was thrown away.", "It is put anew.", anew))]
            else:
                yield [Seen(push.key, _moved_to(push, there["card"]))]

    def contact_url(self, api_url, remote):
        return f"{api_url}/cards/{remote.contact_id}"

    def meeting_url(self, api_url, remote):
        return f"{api_url}/appointments/{remote.meeting_id}"


def _moved_to(push, card):
    if card == push.remote.contact_id:
        return None
    there = replace(push.remote, contact_id=card)
    return Drift(DriftKind.MERGED, "The card was merged.", "The booking is linked anew.", there)


def _put(session, push, key):
    email = quote(push.meeting.invitee.email, safe="")
    try:
        card = _call(session, "GET", f"/cards/{email}")
    except Gone:
        card = _call(session, "PUT", f"/cards/{email}", convert.card(push.meeting))
    there = _call(session, "PUT", f"/appointments/{key}", convert.appointment(push.meeting, card["number"]))
    now = convert.changes(push.meeting)
    if {name: there[name] for name in now} != now:  # it was put before, and has changed since
        _call(session, "PATCH", f"/appointments/{key}", now)
    return Outcome(push.key, remote=Remote(contact_id=card["number"], meeting_id=key))


def _changed(session, push):
    try:
        _call(session, "PATCH", f"/appointments/{push.remote.meeting_id}", convert.changes(push.meeting))
    except Gone:
        if push.meeting.status != Status.CONFIRMED:
            return Outcome(push.key, remote=push.remote, nothing_to_do=True)
        return _put(session, replace(push, remote=Remote()), f"{push.meeting.uid}-{push.meeting.revision}")
    return Outcome(push.key, remote=push.remote)


def _call(session, method, path, body=None):
    try:
        answer = session.send(method, path, json_body=body)
        if answer.status == 401:
            session.renew()
            answer = session.send(method, path, json_body=body)
        told = answer.json()
    except HttpError as error:
        raise TryAgain(str(error), code="answer_lost", scope=Scope.ORGANISATION) from error
    except ValueError as error:
        raise TryAgain("Cardfile mumbles", code="unreadable", scope=Scope.ORGANISATION) from error
    if answer.status == 200:
        return told
    raise _error_of(answer.status, told)


def _error_of(status, told):
    if status in (404, 410):
        return Gone(code=told["error"])
    if status == 401:
        return Reconnect()
    if status == 429:
        return TryAgain(code="too_many", after=timedelta(minutes=1), scope=Scope.ORGANISATION)
    if status >= 500:
        return TryAgain(code=told["error"], scope=Scope.ORGANISATION)
    return Rejected(told["message"], code=told["error"])
