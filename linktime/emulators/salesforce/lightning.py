"""The record pages, which other programs link to: `/lightning/r/Contact/{id}/view` and `/{id}`."""

from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from linktime.emulators.salesforce.clock import parse_instant
from linktime.emulators.salesforce.ids import canonical
from linktime.emulators.salesforce.objects import SYSTEM
from linktime.emulators.salesforce.organisation import Organisation
from linktime.emulators.salesforce.schema import Field, SObject
from linktime.emulators.salesforce.store import Record

if TYPE_CHECKING:
    from linktime.emulators.salesforce.service import Salesforce

EDITED = {
    "Contact": ("FirstName", "LastName", "Email", "Phone", "Title", "Description"),
    "Event": ("Subject", "Location", "Description"),
}
_PAGE = Template(Path(__file__).with_name("record.html").read_text())
_FORM = Template(Path(__file__).with_name("edit.html").read_text())


class Lightning:
    def __init__(self, service: "Salesforce") -> None:
        self._service = service

    def routes(self) -> list[Route]:
        return [
            Route("/lightning/r/{sobject}/{id}/view", self.show, methods=["GET"]),
            Route("/{id:str}", self.show, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        place = self._service.find_record(canonical(request.path_params["id"]) or "")
        if place is None:
            return HTMLResponse(_page("Not found", "", "<p>There is no such record.</p>"), status_code=404)
        org, sobject, record = place
        kind = f"{sobject.label}, deleted" if record["IsDeleted"] else sobject.label
        title = str(record.get("Name") or record.get("Subject") or record["Id"])
        form = "" if record["IsDeleted"] else _form(sobject, record)
        return HTMLResponse(_page(title, kind, _fields(sobject, record), _related(org, record), form))


def _page(title: str, kind: str, fields: str, related: str = "", form: str = "") -> str:
    return _PAGE.substitute(title=escape(title), kind=escape(kind), fields=fields, related=related, form=form)


def _fields(sobject: SObject, record: Record) -> str:
    """What has a value, Salesforce's own fields last."""
    ordered = [*(field for field in sobject.fields if field not in SYSTEM), *SYSTEM]
    rows = ((field, record.get(field.name)) for field in ordered)
    filled = ((field, value) for field, value in rows if value not in (None, False))
    return "".join(f"<dt>{escape(field.title)}</dt><dd>{_value(field, value)}</dd>" for field, value in filled)


def _value(field: Field, value: Any) -> str:
    if field.type == "reference":
        return f'<a href="/salesforce/{escape(value)}">{escape(value)}</a>'
    if field.type == "datetime":
        return f"{parse_instant(value):%d %b %Y, %H:%M:%S} UTC"
    return "Yes" if value is True else escape(str(value))


def _related(org: Organisation, record: Record) -> str:
    """The Events of a contact, the next one last."""
    events = [event for event in org.store.with_value("Event", "WhoId", record["Id"]) if not event["IsDeleted"]]
    ordered = sorted(events, key=lambda event: str(event["StartDateTime"]))
    items = "".join(_event(event) for event in ordered)
    return f'<h2>Activity</h2><ul class="plain">{items}</ul>' if items else ""


def _form(sobject: SObject, record: Record) -> str:
    """What a salesperson may change by hand here."""
    fields = [field for name in EDITED.get(sobject.name, ()) if (field := sobject.field(name))]
    if not fields:
        return ""
    return _FORM.substitute(
        id=record["Id"], inputs="".join(_input(field, record.get(field.name) or "") for field in fields)
    )


def _input(field: Field, value: str) -> str:
    name, text = field.name, escape(value)
    box = f'<input name="{name}" value="{text}">'
    if field.type == "textarea":
        box = f'<textarea name="{name}" rows="6">{text}</textarea>'
    return f'<label><span class="small muted">{escape(field.title)}</span>{box}</label>'


def _event(event: Record) -> str:
    url = f"/salesforce/lightning/r/Event/{event['Id']}/view"
    subject = escape(event.get("Subject") or "(no subject)")
    start = f"{parse_instant(event['StartDateTime']):%d %b %Y, %H:%M} UTC"
    return f'<li><a href="{url}">{subject}</a> <span class="muted">{start}</span></li>'
