"""Whatever people type arrives as they typed it, as far as it fits."""

from linktime.bookings.models import Booking
from linktime.crm.testing.looking import assert_shown, contact_of, meeting_of, only, record_of
from linktime.crm.testing.place import Place
from linktime.crm.testing.stage import Stage

NAMES = ("李小龙", "שרה לוי", "نجيب محفوظ", "𝓖𝓻𝓪𝓬𝓮 𝓗𝓸𝓹𝓹𝓮𝓻", "Zoë Ångström", "🦊 🐺")
ODD = "你好 🙂\nмир & <b>'\"\\ %s {{ }} ${1}"


class TextCases:
    def test_names_and_notes_of_all_scripts_arrive_whole(self, place: Place, stage: Stage) -> None:
        bookings = [place.book(f"i{number}@example.com", name, notes=name) for number, name in enumerate(NAMES)]
        place.drain()
        for booking in bookings:
            assert_shown(stage, booking)
            meeting = meeting_of(stage, booking)
            assert contact_of(stage, meeting).name == booking.invitee_name
            assert booking.notes in meeting.text

    def test_signs_that_mean_something_elsewhere_arrive_as_typed(self, place: Place, stage: Stage) -> None:
        booking = place.book("grace@example.com", notes=ODD)
        place.drain()
        assert_shown(stage, booking)
        assert ODD in only(stage.meetings()).text

    def test_texts_are_cut_by_characters_and_accepted(self, place: Place, stage: Stage) -> None:
        """Everything as long as a booking can be: each text has as many characters as fit, whatever their bytes."""
        booking = place.book("grace@example.com", "𝓖" * 60 + " " + "𝓗" * 139, notes="🙂" * 5_000)
        answers = [{"key": f"q{number}", "label": "🙂", "value": "🙂" * 5_000} for number in range(15)]
        texts = {"title": "🗓" * 200, "location": "🏠" * 500, "answers": answers}
        Booking.objects.filter(pk=booking.pk).update(**texts)
        place.drain()
        assert_shown(stage, booking)
        meeting, contact = only(stage.meetings()), only(stage.contacts())
        for part, length in stage.lengths.items():
            shown = getattr(contact if part.endswith("_name") else meeting, part)
            assert len(shown) == length, part

    def test_an_address_of_every_length_is_synced_or_explained(self, place: Place, stage: Stage) -> None:
        """An address can't be cut: where it is too long, that record fails and no other."""
        long, good = place.book(f"{'a' * 60}@{'b' * 60}.{'c' * 60}.example.com"), place.book("grace@example.com")
        place.drain()
        assert record_of(long).state in ("synced", "failed")
        assert_shown(stage, good)
