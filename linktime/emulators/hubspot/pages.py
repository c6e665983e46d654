"""The record pages, which other programs link to: `/contacts/{hub id}/record/0-1/{id}`."""

from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from linktime.emulators.hubspot import rows
from linktime.emulators.hubspot.account import Account
from linktime.emulators.hubspot.properties import BY_ID, CONTACTS, MEETINGS, TYPES, ObjectType
from linktime.emulators.hubspot.store import Record

if TYPE_CHECKING:
    from linktime.emulators.hubspot.service import HubSpot

EDITED = {
    "contacts": ("firstname", "lastname", "email", "phone", "jobtitle"),
    "meetings": ("hs_meeting_title", "hs_meeting_location", "hs_meeting_body", "hs_internal_meeting_notes"),
}
LONG = ("hs_meeting_body", "hs_internal_meeting_notes")
_PAGE = Template(Path(__file__).with_name("record.html").read_text())
_FORM = Template(Path(__file__).with_name("edit.html").read_text())


class Pages:
    def __init__(self, service: "HubSpot") -> None:
        self._service = service

    def routes(self) -> list[Route]:
        return [Route("/contacts/{hub_id}/record/{type_id}/{id}", self.show, methods=["GET"])]

    async def show(self, request: Request) -> Response:
        place = self._service.find_record(request.path_params["id"])
        kind = BY_ID.get(request.path_params["type_id"])
        if place is None or kind is not TYPES[place[1]] or place[0].id != request.path_params["hub_id"]:
            return HTMLResponse(_page("Not found", "", "<p>There is no such record.</p>"), status_code=404)
        account, _, record = place
        shown = f"{kind.kind.title()}, archived" if record.archived else kind.kind.title()
        form = "" if record.archived else _form(kind, record)
        return HTMLResponse(_page(_title(record), shown, _fields(record), _related(account, kind, record), form))


def _page(title: str, kind: str, fields: str, related: str = "", form: str = "") -> str:
    return _PAGE.substitute(title=escape(title), kind=escape(kind), fields=fields, related=related, form=form)


def _title(record: Record) -> str:
    facts = record.properties
    name = " ".join(filter(None, (facts.get("firstname"), facts.get("lastname"))))
    return name or facts.get("hs_meeting_title") or facts.get("email") or record.id


def _fields(record: Record) -> str:
    """What has a value, the service's own last."""
    own = {"hs_object_id", "hs_createdate", "hs_lastmodifieddate", "createdate", "lastmodifieddate"}
    ordered = sorted(record.properties.items(), key=lambda pair: (pair[0] in own, pair))
    return "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in ordered)


def _related(account: Account, kind: ObjectType, record: Record) -> str:
    other = MEETINGS if kind is CONTACTS else CONTACTS
    found = (account.store.get(other.plural, one) for one in account.store.associated(kind.plural, record.id))
    items = "".join(_link(account, other, one) for one in found if one)
    return f'<h2>{other.plural.title()}</h2><ul class="plain">{items}</ul>' if items else ""


def _link(account: Account, kind: ObjectType, record: Record) -> str:
    url = rows.address(account, kind, record, "/hubspot")
    when = escape(record.properties.get("hs_timestamp", ""))
    return f'<li><a href="{url}">{escape(_title(record))}</a> <span class="muted">{when}</span></li>'


def _form(kind: ObjectType, record: Record) -> str:
    """What a salesperson may change by hand here."""
    inputs = "".join(_input(name, record.properties.get(name, "")) for name in EDITED[kind.plural])
    return _FORM.substitute(id=record.id, inputs=inputs)


def _input(name: str, value: str) -> str:
    text = escape(value)
    long = f'<textarea name="{name}" rows="6">{text}</textarea>'
    box = long if name in LONG else f'<input name="{name}" value="{text}">'
    return f'<label><span class="small muted">{name}</span>{box}</label>'
