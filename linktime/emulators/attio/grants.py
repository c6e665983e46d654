"""Who let which app in: authorization codes, and access tokens that live until they are revoked."""

import base64
import binascii
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

CODE_LIFE = timedelta(minutes=10)
TOKEN_BYTES = 32  # 64 characters


@dataclass
class Code:
    text: str
    client_id: str
    redirect_uri: str
    workspace_id: str
    made: datetime


@dataclass
class Grant:
    token: str
    client_id: str
    workspace_id: str
    scope: str
    issued: int


class Grants:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._codes: dict[str, Code] = {}
        self._grants: dict[str, Grant] = {}
        self.revision = 0

    def make_code(self, client_id: str, redirect_uri: str, workspace_id: str) -> str:
        code = Code(secrets.token_hex(24), client_id, redirect_uri, workspace_id, self._clock())
        self._codes[code.text] = code
        return code.text

    def take_code(self, text: str) -> Code | None:
        """Use up a code; None if it is unknown, used, or too old."""
        code = self._codes.pop(text, None)
        return code if code and self._clock() - code.made <= CODE_LIFE else None

    def issue(self, client_id: str, workspace_id: str, scope: str) -> Grant:
        self.revision += 1
        token = secrets.token_hex(TOKEN_BYTES)
        grant = Grant(token, client_id, workspace_id, scope, int(self._clock().timestamp()))
        self._grants[grant.token] = grant
        return grant

    def find(self, token: str) -> Grant | None:
        return self._grants.get(token)

    def revoke(self, token: str) -> None:
        self.revision += 1
        self._grants.pop(token, None)

    def revoke_all(self) -> int:
        self.revision += 1
        ended = len(self._grants)
        self._grants.clear()
        return ended

    def dump(self) -> list[dict[str, Any]]:
        return [asdict(grant) for grant in self._grants.values()]

    def load(self, dump: list[dict[str, Any]]) -> None:
        self._grants = {facts["token"]: Grant(**facts) for facts in dump}


def bearer(authorization: str | None) -> str:
    """The token of an Authorization header, Bearer or the user of Basic."""
    scheme, _, rest = (authorization or "").partition(" ")
    if scheme.lower() == "basic":
        return _basic_user(rest)
    return rest.strip() if scheme.lower() == "bearer" else ""


def _basic_user(credential: str) -> str:
    try:
        return base64.b64decode(credential).decode(errors="replace").partition(":")[0]
    except binascii.Error:
        return ""
