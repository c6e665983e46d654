"""People and notes in the words of the page at `/` and of the record pages."""

from typing import Any

from linktime.emulators.attio.workspace import Record, Workspace

JSON = dict[str, Any]
LATEST = 30


def entry_of(workspace: Workspace, person: Record) -> JSON:
    """A person with the latest notes."""
    slug = workspace.settings["workspace_slug"]
    url = f"/attio/{slug}/person/{person['id']}"
    return {
        "id": person["id"],
        "organisation": workspace.id,
        "title": name_of(person),
        "detail": " · ".join([*texts(person, "email_addresses"), *texts(person, "phone_numbers")]),
        "url": url,
        "entries": [_note(note, url) for note in workspace.notes_of(person["id"])[-LATEST:]],
    }


def name_of(person: Record) -> str:
    names = texts(person, "name")
    return names[0] if names and names[0] else next(iter(texts(person, "email_addresses")), "(no name)")


def texts(person: Record, slug: str) -> list[str]:
    """An attribute's values as a person reads them."""
    keys = {"name": "full_name", "email_addresses": "email_address", "phone_numbers": "phone_number"}
    return [row[keys.get(slug, "value")] for row in person["values"].get(slug, ())]


def _note(note: Record, person_url: str) -> JSON:
    return {
        "id": note["id"],
        "title": note["title"] or "(untitled)",
        "start": note["created_at"],
        "text": note["content_plaintext"],
        "place": "",
        "url": f"{person_url}#{note['id']}",
    }
