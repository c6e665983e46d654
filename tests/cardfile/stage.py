"""Cardfile as its users see it."""

from contextlib import contextmanager
from datetime import datetime

from linktime.core.meeting import Status
from linktime.crm.testing.inside import installed
from linktime.crm.testing.inside_stage import InsideStage
from linktime.crm.testing.stage import Calls, Contact, Meeting, Touch
from tests.cardfile.service import MEMO, NAME, CardfileService

FIELDS = ("given", "family", "phone", "job")


class CardfileStage(InsideStage):
    crm = "cardfile"
    calls = Calls(new=3, known=2, change=1)
    creates = {"card": False, "appointment": False}
    names = {"card": "PUT /cards", "appointment": "PUT /appointments"}
    lengths = {"first_name": NAME, "last_name": NAME, "body": MEMO}
    promised = {
        "GET /me": frozenset(),
        "GET /cards": frozenset(),
        "PUT /cards": frozenset({"given", "family", "phone"}),
        "PUT /appointments": frozenset({"card", "memo", "at", "state", "moved"}),
        "PATCH /appointments": frozenset({"at", "state", "moved"}),
        "GET /appointments": frozenset(),
    }

    @classmethod
    @contextmanager
    def running(cls):
        service = CardfileService()
        with installed(cls.crm, "tests.cardfile.provider.Cardfile", service):
            yield cls(service)

    def contacts(self):
        return [
            Contact(
                card["number"], card["emails"][0], card["given"], card["family"], card["phone"], card.get("job", "")
            )
            for card in self._service.cards.values()
        ]

    def meetings(self):
        return [_meeting(key, fields) for key, fields in self._service.appointments.items()]

    def touched(self):
        return [Touch(asked.what, frozenset(asked.body)) for asked in self._service.asked]

    def add_contact(self, email, first_name, last_name, *, phone="", job=""):
        fields = {"given": first_name, "family": last_name, "phone": phone, "job": job}
        return self._service.put_card(email, fields)["number"]

    def edit(self, meeting):
        self._service.appointments[meeting.id]["memo"] = "Bring slides"
        return "Bring slides"

    def delete_meeting(self, meeting):
        self._service.throw_away(meeting.id)

    def delete_contact(self, contact_id):
        self._service.throw_card_away(contact_id)

    def merge(self, contact_id):
        winner = self.add_contact("winner@example.com", "Grace", "Hopper")
        self._service.merge(winner, contact_id)
        return winner

    def refuse(self, email, name):
        self._service.unwanted.add(email.lower())

    def hinder(self):
        self._service.needed.add("shoe size")

    def recover(self):
        super().recover()
        self._service.unwanted.clear()
        self._service.needed.clear()


def _meeting(key, fields):
    return Meeting(
        id=key,
        contact_id=fields["card"],
        status=Status(fields["state"]),
        start=datetime.fromisoformat(fields["at"]),
        moves=len(fields["moved"].splitlines()),
        title="",
        body=fields["memo"],
        location="",
        text=f"{fields['memo']}\n{fields['moved']}",
    )
