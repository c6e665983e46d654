"""Addresses of our own pages. Pure."""

from urllib.parse import urlencode


def with_query(path: str, **query: object) -> str:
    """Return a path with a query; empty values are left out, and of a list each one is said."""
    given = {key: value for key, value in query.items() if value}
    return f"{path}?{urlencode(given, doseq=True)}" if given else path


def inside(address: str) -> str:
    """Return an address of our own to go back to; whatever leads elsewhere becomes the start page."""
    plain = address.startswith("/") and not address.startswith("//")
    return address if plain and all(" " < character != "\\" for character in address) else "/"
