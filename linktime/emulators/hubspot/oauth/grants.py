"""Who let which app in: authorization codes, refresh tokens, access tokens."""

import base64
import hashlib
import secrets
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

CODE_LIFE = timedelta(minutes=1)
FORGOTTEN_AFTER = timedelta(days=1)

JSON = dict[str, Any]


@dataclass(frozen=True)
class Code:
    client_id: str
    redirect_uri: str
    hub_id: str
    user_id: str
    scopes: tuple[str, ...]
    challenge: str | None
    made: datetime


@dataclass
class Grant:
    """`client_id` is empty for a grant of the control API: any app may use it."""

    client_id: str
    hub_id: str
    user_id: str
    scopes: list[str]
    refresh_token: str | None

    def belongs_to(self, client_id: str) -> bool:
        return self.client_id in ("", client_id)


@dataclass(frozen=True)
class Access:
    token: str
    grant: Grant
    expires: datetime


class Grants:
    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._codes: dict[str, Code] = {}
        self._grants: list[Grant] = []
        self._accesses: dict[str, Access] = {}
        self.revision = 0

    def make_code(self, **facts: Any) -> str:
        text = f"na1-{secrets.token_hex(16)}"
        self._codes[text] = Code(made=self._clock(), **facts)
        return text

    def take_code(self, text: str) -> Code | None:
        """Use a code up; None if it is unknown, used or too old."""
        code = self._codes.pop(text, None)
        return code if code and self._clock() - code.made <= CODE_LIFE else None

    def approve(self, client_id: str, hub_id: str, user_id: str, scopes: list[str]) -> Grant:
        grant = Grant(client_id, hub_id, user_id, scopes, _refresh_token())
        self._grants.append(grant)
        self.revision += 1
        return grant

    def issue(self, grant: Grant, seconds: float) -> Access:
        now = self._clock()
        access = Access(f"na1{secrets.token_urlsafe(90)}", grant, now + timedelta(seconds=seconds))
        kept = {text: one for text, one in self._accesses.items() if one.expires > now - FORGOTTEN_AFTER}
        self._accesses = {**kept, access.token: access}
        self.revision += 1
        return access

    def rotate(self, grant: Grant) -> None:
        grant.refresh_token = _refresh_token()

    def by_refresh_token(self, token: str) -> Grant | None:
        return next((grant for grant in self._grants if token and token == grant.refresh_token), None)

    def access(self, token: str) -> Access | None:
        """Find an access token, ended or not."""
        return self._accesses.get(token)

    def ended(self, access: Access) -> bool:
        return access.expires <= self._clock()

    def seconds_left(self, access: Access) -> int:
        return round((access.expires - self._clock()).total_seconds())

    def revoke(self, token: str) -> None:
        """End a refresh token; the access tokens it has given live on (OAuth guide)."""
        grant = self.by_refresh_token(token)
        if grant:
            grant.refresh_token = None
        self._accesses.pop(token, None)
        self.revision += 1

    def uninstall(self, grant: Grant) -> None:
        """End everything that the app has in this account."""
        self._end(lambda one: (one.client_id, one.hub_id) == (grant.client_id, grant.hub_id))

    def revoke_all(self) -> int:
        count = len(self._grants)
        self._codes.clear()
        self._end(lambda _: True)
        return count

    def dump(self) -> JSON:
        accesses = [
            {"token": one.token, "grant": self._grants.index(one.grant), "expires": one.expires.isoformat()}
            for one in self._accesses.values()
        ]
        return {"grants": [asdict(grant) for grant in self._grants], "accesses": accesses}

    def load(self, dump: JSON) -> None:
        self._grants = [Grant(**row) for row in dump["grants"]]
        rows = [
            Access(row["token"], self._grants[row["grant"]], datetime.fromisoformat(row["expires"]))
            for row in dump["accesses"]
        ]
        self._accesses = {access.token: access for access in rows}

    def _end(self, chosen: Callable[[Grant], bool]) -> None:
        self._grants = [grant for grant in self._grants if not chosen(grant)]
        self._accesses = {text: one for text, one in self._accesses.items() if not chosen(one.grant)}
        self.revision += 1


def challenge_of(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _refresh_token() -> str:
    return f"na1-{uuid.uuid4()}"
