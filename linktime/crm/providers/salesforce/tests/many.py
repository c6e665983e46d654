"""Many bookings at once, and what became of them."""


def book_many(connected, count, first=0):
    return [connected.book(f"invitee{n}@example.com", f"Invitee N{n}") for n in range(first, first + count)]


def who_of(emulator):
    """The email of each Event's Contact, by the Event's Subject."""
    state = emulator.state()
    emails = {row["Id"]: row["Email"] for row in state["contacts"]}
    return {row["Subject"]: emails[row["WhoId"]] for row in state["events"]}


def between_calls(monkeypatch, number, act):
    """Do something over there after so many calls."""
    from linktime.crm.session import LiveSession

    send, sent = LiveSession.send, []

    def watched(self, *args, **kwargs):
        answer = send(self, *args, **kwargs)
        sent.append(args)
        if len(sent) == number:
            act()
        return answer

    monkeypatch.setattr(LiveSession, "send", watched)
