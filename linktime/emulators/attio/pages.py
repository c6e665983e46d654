"""The record pages, which other programs link to: `/{workspace}/person/{id}`, with the notes."""

from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from linktime.emulators.attio.clock import parse
from linktime.emulators.attio.timeline import name_of, texts
from linktime.emulators.attio.values import WRITABLE
from linktime.emulators.attio.workspace import Record, Workspace

if TYPE_CHECKING:
    from linktime.emulators.attio.service import Attio

TITLES = {
    "name": "Name",
    "email_addresses": "Email addresses",
    "phone_numbers": "Phone numbers",
    "job_title": "Job title",
    "description": "Description",
}
_PAGE = Template(Path(__file__).with_name("person.html").read_text())


class Pages:
    def __init__(self, service: "Attio") -> None:
        self._service = service

    def routes(self) -> list[Route]:
        return [Route("/{workspace}/person/{id}", self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        found = self._service.find_person(request.path_params["id"])
        if found is None:
            page = _PAGE.substitute(title="Not found", fields="", notes="<p>There is no such person.</p>", forms="")
            return HTMLResponse(page, status_code=404)
        workspace, person = found
        page = _PAGE.substitute(
            title=escape(name_of(person)),
            fields=_fields(person),
            notes="".join(_note(note) for note in workspace.notes_of(person["id"])) or "<p>No notes yet.</p>",
            forms=_forms(workspace, person),
        )
        return HTMLResponse(page)


def _fields(person: Record) -> str:
    rows = ((TITLES[slug], ", ".join(texts(person, slug))) for slug in WRITABLE)
    return "".join(f"<dt>{title}</dt><dd>{escape(text)}</dd>" for title, text in rows if text)


def _note(note: Record) -> str:
    made = f"{parse(note['created_at']):%d %b %Y, %H:%M:%S} UTC"
    text = escape(note["content_plaintext"])
    title = escape(note["title"] or "(untitled)")
    return f'<article id="{note["id"]}"><h3>{title}</h3><p class="muted small">{made}</p><pre>{text}</pre></article>'


def _forms(workspace: Workspace, person: Record) -> str:
    """What a colleague may change by hand here: a person's texts, and each note."""
    inputs = "".join(_input(slug, ", ".join(texts(person, slug))) for slug in ("job_title", "description"))
    notes = "".join(
        _form(
            note["id"],
            f"Change the note “{escape(note['title'])}”",
            _input("title", note["title"]) + _input("content", note["content_plaintext"]),
        )
        for note in workspace.notes_of(person["id"])
    )
    return _form(person["id"], "Change the person as a colleague would", inputs) + notes


def _form(record_id: str, summary: str, inputs: str) -> str:
    return (
        f'<details><summary>{summary}</summary><form data-record="{record_id}" class="fields">{inputs}'
        '<p role="alert"></p><p class="actions"><button class="primary">Save</button>'
        '<button type="button" name="delete" class="danger">Delete</button></p></form></details>'
    )


def _input(name: str, value: str) -> str:
    title, text = TITLES.get(name, name.capitalize()), escape(value)
    box = f'<input name="{name}" value="{text}">'
    if name in ("content", "description"):
        box = f'<textarea name="{name}" rows="6">{text}</textarea>'
    return f'<label><span class="small muted">{title}</span>{box}</label>'
