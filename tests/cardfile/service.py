"""Cardfile's side: cards by email, appointments by a key of the caller's; what was put stays, however often it is put.

`GET|PUT /cards/{email}`, `GET|PUT|PATCH /appointments/{key}`, `GET /me`. What was thrown away never comes
back by its key.
"""

from itertools import count
from urllib.parse import unquote

from linktime.crm.testing.service import Asked, InsideService, Refusal

NAME, MEMO = 30, 2_000


class CardfileService(InsideService):
    url = "https://cardfile.example"
    organisation = "cardfile"
    look_ups = frozenset({"GET /cards", "GET /appointments"})

    def __init__(self):
        super().__init__()
        self.cards, self.appointments = {}, {}
        self.thrown_away, self.unwanted, self.needed = set(), set(), set()
        self._numbers = count(1)

    def named(self, method, path):
        return f"{method} /{path.split('/')[1]}"

    def work(self, asked: Asked):
        name = unquote(asked.path.rpartition("/")[2])
        match asked.what:
            case "GET /me":
                return {"cabinet": self.organisation, "needed": sorted(self.needed)}
            case "GET /appointments":
                return self._appointment(name)
            case "GET /cards":
                return self._known(name)
            case "PUT /cards":
                return self.put_card(name, asked.body)
            case "PUT /appointments":
                return self._put_appointment(name, asked.body)
            case "PATCH /appointments":
                return self._change(name, asked.body)
        raise Refusal(404, "nothing_here")

    def put_card(self, email, fields):
        self._check(email, fields, NAME)
        if self.needed - set(fields):
            raise Refusal(422, "lacking", "A card needs more.")
        card = self.card_of(email) or {"number": str(next(self._numbers)), "emails": [email.lower()]}
        self.cards[card["number"]] = card
        card |= fields
        return card

    def card_of(self, email):
        return next((card for card in self.cards.values() if email.lower() in card["emails"]), None)

    def throw_card_away(self, number):
        """Throw a card away with its appointments."""
        del self.cards[number]
        for key in [key for key, one in self.appointments.items() if one["card"] == number]:
            self.throw_away(key)

    def throw_away(self, key):
        del self.appointments[key]
        self.thrown_away.add(key)

    def merge(self, winner, loser):
        self.cards[winner]["emails"] += self.cards.pop(loser)["emails"]
        for one in self.appointments.values():
            one["card"] = winner if one["card"] == loser else one["card"]

    def _known(self, email):
        card = self.card_of(email)
        if card is None:
            raise Refusal(404, "no_card")
        return card

    def _put_appointment(self, key, fields):
        if key in self.thrown_away:
            raise Refusal(410, "thrown_away")
        if fields["card"] not in self.cards:
            raise Refusal(404, "no_card")
        self._check(self.cards[fields["card"]]["emails"][0], {"memo": fields["memo"]}, MEMO)
        return self.appointments.setdefault(key, fields)

    def _appointment(self, key):
        if key not in self.appointments:
            raise Refusal(410, "thrown_away")
        return self.appointments[key]

    def _change(self, key, fields):
        self._appointment(key)
        self._check(self.cards[self.appointments[key]["card"]]["emails"][0], {}, MEMO)
        self.appointments[key] |= fields
        return self.appointments[key]

    def _check(self, email, texts, length):
        if email.lower() in self.unwanted:
            raise Refusal(422, "unwanted", "This one we do not want.")
        if any(len(text) > length for text in texts.values()):
            raise Refusal(422, "too_long")
