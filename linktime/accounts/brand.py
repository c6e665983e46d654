"""An account's own colour and picture, on the pages that its invitees see."""

import hashlib
import re
from typing import Any

from linktime.accounts import access, pictures
from linktime.accounts.access import Actor
from linktime.accounts.models import Account, Brand
from linktime.core import text
from linktime.core.faults import Faults, refuse

COLOUR = re.compile(r"#[0-9a-f]{6}")


def brand_of(account: Account) -> Brand:
    """Return the account's brand; one that was never set shows nothing of its own."""
    try:
        return account.brand
    except Brand.DoesNotExist:
        return Brand(account=account)


def save(actor: Actor, *, colour: str, picture: bytes | None, remove_picture: bool = False) -> Brand:
    """Set colour (`#rrggbb`, or empty for LinkTime's own) and picture (None leaves it as it is).

    Raises Invalid with every fault (fields `colour`, `picture`), Forbidden for who is no owner.
    """
    access.require_owner(actor)
    values: dict[str, Any] = {}
    with Faults() as faults:
        with faults.at("colour"):
            values["colour"] = _colour(colour)
        with faults.at("picture"):
            if picture is not None:
                values["picture"] = pictures.clean(picture)
            elif remove_picture:
                values["picture"] = b""
    if "picture" in values:
        values["picture_digest"] = hashlib.sha256(values["picture"]).hexdigest()[:32] if values["picture"] else ""
    brand, _new = Brand.objects.update_or_create(account=actor.account, defaults=values)
    return brand


def _colour(value: str) -> str:
    colour = text.line(value, at_most=20, required=False).lower()
    if colour and not COLOUR.fullmatch(colour):
        refuse("invalid_colour", "Give the colour as # and six digits, such as #2f4fc4.")
    return colour
