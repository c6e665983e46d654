"""The apps that may connect: those of the settings, or any when there are none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linktime.emulators.hubspot.oauth.errors import OAuthError


@dataclass(frozen=True)
class App:
    """`client_secret`, `redirect_urls` and `scopes` are None where anything goes."""

    client_id: str
    client_secret: str | None = None
    redirect_urls: tuple[str, ...] | None = None
    scopes: tuple[str, ...] | None = None


def find_app(apps: list[dict[str, Any]], client_id: str) -> App:
    if client_id and not apps:
        return App(client_id)
    for app in apps:
        if app["client_id"] == client_id:
            urls, scopes = (tuple(app.get(name, ())) or None for name in ("redirect_urls", "scopes"))
            return App(client_id, app.get("client_secret"), urls, scopes)
    raise OAuthError("invalid_client", "BAD_CLIENT_ID", "missing or unknown client id")


def authenticate(apps: list[dict[str, Any]], form: Mapping[str, str]) -> App:
    """Find the app that calls; everything is in the form."""
    app, secret = find_app(apps, form.get("client_id", "")), form.get("client_secret")
    if not secret or (app.client_secret is not None and secret != app.client_secret):
        raise OAuthError("invalid_client", "BAD_CLIENT_SECRET", "missing or invalid client secret")
    return app
