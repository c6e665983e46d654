"""The only deletion there is: a note that a create made so late that it had been made again."""

from linktime.crm.contract import Attempt, Gone, Remote
from linktime.crm.providers.attio.calls import Steps, ask, delete_note
from linktime.crm.providers.attio.notes import all_notes


def twins_removed(attempt: Attempt, remote: Remote) -> Steps[str]:
    """Remove notes that say word for word what was sent, beside the one that we know; changed ones stay."""
    known = remote.written.get("notes", {}).get(str(attempt.values["revision"]))
    try:
        notes = yield from all_notes(remote.contact_id)
    except Gone:
        return ""
    ids = [
        note["id"]["note_id"] for note in notes if (note["title"], note["content_plaintext"].split()) == _sent(attempt)
    ]
    if known not in ids:
        return ""
    twins = [note_id for note_id in ids if note_id != known]
    for note_id in twins:
        yield from ask(delete_note(note_id))
    return f"Removed what a lost request had written a second time: {len(twins)} note." if twins else ""


def _sent(attempt: Attempt) -> tuple[str, list[str]]:
    return attempt.values["title"], attempt.values["content"].split()
