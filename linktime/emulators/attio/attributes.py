"""Which attributes people have in a workspace, as its settings have them (REST API: attributes)."""

import uuid
from typing import Any

from linktime.emulators.attio.errors import ApiError, bad_query
from linktime.emulators.attio.values import WRITABLE
from linktime.emulators.attio.workspace import Workspace

JSON = dict[str, Any]
MOST = 500


def page(workspace: Workspace, query: dict[str, str]) -> list[JSON]:
    """Those that are not archived, so many from so far on."""
    rows = everything(workspace)
    offset, limit = (_number(query, name, default) for name, default in (("offset", 0), ("limit", MOST)))
    return rows[offset : offset + limit]


def everything(workspace: Workspace) -> list[JSON]:
    kept = (slug for slug in WRITABLE if slug not in workspace.settings["archived_attributes"])
    return [_described(workspace, slug) for slug in (*kept, *workspace.settings["required_attributes"])]


def check_writable(workspace: Workspace, values: JSON) -> None:
    """Refuse what is archived or not for apps. Raises ApiError."""
    for slug in values:
        if slug in workspace.settings["archived_attributes"]:
            raise ApiError(400, "value_not_found", f'Cannot find attribute with slug/ID "{slug}".')
        if slug in workspace.settings["read_only_attributes"]:
            raise ApiError(400, "system_edit_unauthorized", f'Cannot edit attribute with slug "{slug}".')


def check_complete(workspace: Workspace, values: JSON) -> None:
    """Refuse a new person who lacks what everybody must have. Raises ApiError."""
    for slug in workspace.settings["required_attributes"]:
        if not values.get(slug):
            message = f'Required value for attribute with slug "{slug}" was not provided.'
            raise ApiError(400, "missing_value", message)


def _described(workspace: Workspace, slug: str) -> JSON:
    known = WRITABLE.get(slug)
    ids = {"workspace_id": workspace.id, "object_id": workspace.object_id}
    return {
        "id": ids | {"attribute_id": str(uuid.uuid5(uuid.UUID(workspace.object_id), slug))},
        "title": slug.replace("_", " ").capitalize(),
        "description": None,
        "api_slug": slug,
        "type": known.type if known else "text",
        "is_system_attribute": known is not None,
        "is_writable": slug not in workspace.settings["read_only_attributes"],
        "is_required": known is None,
        "is_unique": bool(known and known.unique),
        "is_multiselect": bool(known and known.multiple),
        "is_default_value_enabled": False,
        "is_archived": False,
        "default_value": None,
        "relationship": None,
        "created_at": workspace.stamp,
        "config": {
            "currency": {"default_currency_code": None, "display_type": None},
            "record_reference": {"allowed_object_ids": None},
        },
    }


def _number(query: dict[str, str], name: str, default: int) -> int:
    text = query.get(name, str(default))
    if not text.isdigit():
        raise bad_query({"code": "invalid_type", "path": [name], "message": "Expected number, received string"})
    return int(text)
