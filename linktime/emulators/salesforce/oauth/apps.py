"""The apps that may connect: those of the settings, or any when there are none."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linktime.emulators.salesforce.oauth.errors import OAuthError


@dataclass(frozen=True)
class App:
    client_id: str
    client_secret: str | None
    """None: whatever the caller says."""
    callback_urls: tuple[str, ...] | None
    """None: any."""


def find_app(apps: list[dict[str, Any]], client_id: str) -> App:
    if client_id and not apps:
        return App(client_id, None, None)
    for app in apps:
        if app["client_id"] == client_id:
            return App(client_id, app.get("client_secret"), tuple(app.get("callback_urls", ())) or None)
    raise OAuthError("invalid_client_id", "client identifier invalid")


def authenticate(apps: list[dict[str, Any]], form: Mapping[str, str], authorization: str | None) -> tuple[App, str]:
    """The app that calls, and its secret; what the body says wins over HTTP Basic."""
    client_id, secret, basic = form.get("client_id"), form.get("client_secret"), False
    if not client_id and authorization and authorization.lower().startswith("basic "):
        client_id, secret = _basic(authorization)
        basic = True
    app = find_app(apps, client_id or "")
    if not secret or (app.client_secret is not None and secret != app.client_secret):
        raise OAuthError("invalid_client", "invalid client credentials", status=401 if basic else 400)
    return app, secret


def _basic(authorization: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(authorization.partition(" ")[2], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise OAuthError("invalid_basic_auth_header", "invalid basic auth header") from error
    client_id, _, secret = text.partition(":")
    return client_id, secret
