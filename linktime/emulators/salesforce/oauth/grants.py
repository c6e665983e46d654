"""Who let which app in: authorization codes, grants with their refresh tokens, access tokens.

A grant is a family: its one current refresh token, the ones that rotation replaced, and its access tokens.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from linktime.emulators.salesforce.calls import Session
from linktime.emulators.salesforce.ids import SHORT
from linktime.emulators.salesforce.organisation import Organisation

CODE_LIFE = timedelta(minutes=15)
IDLE_LIFE = timedelta(days=30)
APPROVALS = 5
DEFAULT_SCOPE = "refresh_token api id"


@dataclass
class Code:
    text: str
    client_id: str
    redirect_uri: str
    org_id: str
    user_id: str
    scope: str
    challenge: str | None
    made: datetime


@dataclass
class Grant:
    client_id: str
    org_id: str
    user_id: str
    scope: str
    used: float
    refresh_token: str | None = None
    replaced: list[str] = field(default_factory=list)
    counted: bool = True
    """Whether it is one of the five approvals; a grant made by the control API is not."""
    busy: bool = False

    def belongs_to(self, client_id: str) -> bool:
        """Whether the app may use it; a grant of the control API without an app is anybody's."""
        return self.client_id in ("", client_id)


@dataclass
class Access:
    token: str
    grant: Grant
    issued: float
    expires: float


class Grants:
    def __init__(self, organisation: Callable[[str], Organisation | None], clock: Callable[[], datetime]) -> None:
        self._organisation, self._clock = organisation, clock
        self._codes: dict[str, Code] = {}
        self._grants: list[Grant] = []
        self._accesses: dict[str, Access] = {}
        self.revision = 0

    def make_code(self, **facts: Any) -> Code:
        code = Code(text=f"aPrx{secrets.token_urlsafe(42)}==", made=self._clock(), **facts)
        self._codes[code.text] = code
        return code

    def take_code(self, text: str) -> Code | None:
        """Use up a code; None if it is unknown, used, or older than 15 minutes."""
        code = self._codes.pop(text, None)
        return code if code and self._clock() - code.made <= CODE_LIFE else None

    def approve(self, client_id: str, org_id: str, user_id: str, scope: str, *, counted: bool = True) -> Grant:
        """Make a grant; a sixth of the same user and app ends the oldest."""
        grant = Grant(client_id, org_id, user_id, scope, self._now, counted=counted)
        if {"refresh_token", "offline_access"} & set(scope.split()):
            grant.refresh_token = _refresh_token()
        if counted:
            for oldest in self._approvals(grant)[: 1 - APPROVALS]:
                self.end(oldest)
        self._grants.append(grant)
        return grant

    def issue(self, grant: Grant) -> Access:
        """Make an access token: the short organisation id, a `!`, and a secret."""
        self.revision += 1
        grant.used = self._now
        text = f"{grant.org_id[:SHORT]}!{secrets.token_hex(48)}"
        access = Access(text, grant, self._now, self._now + self._lifetime(grant))
        self._accesses = {key: kept for key, kept in self._accesses.items() if kept.expires > self._now - 86_400}
        self._accesses[text] = access
        return access

    def rotate(self, grant: Grant) -> str:
        """Replace the refresh token."""
        grant.replaced.append(str(grant.refresh_token))
        grant.refresh_token = _refresh_token()
        return grant.refresh_token

    def by_refresh_token(self, token: str) -> Grant | None:
        """The living grant of a refresh token; a replaced one ends the whole family."""
        for grant in list(self._grants):
            if token in grant.replaced:
                self.end(grant)
            elif token == grant.refresh_token:
                return grant if self._now - grant.used <= IDLE_LIFE.total_seconds() else None
        return None

    def peek(self, token: str) -> Grant | None:
        """The grant of a refresh token, with no consequences."""
        return next((grant for grant in self._grants if token == grant.refresh_token), None)

    def live_access(self, token: str) -> Access | None:
        access = self._accesses.get(token)
        return access if access and access.expires > self._now else None

    def session(self, token: str, base_url: str) -> Session | None:
        """Who calls with this access token; every use lets it live longer."""
        access = self.live_access(token)
        org = self._organisation(access.grant.org_id) if access else None
        if access is None or org is None or org.settings["user_inactive"] or org.settings["org_inactive"]:
            return None
        access.expires = self._now + self._lifetime(access.grant)
        grant = access.grant
        return Session(org, grant.user_id, grant.scope, f"{base_url}/id/{grant.org_id}/{grant.user_id}", base_url)

    def end(self, grant: Grant) -> None:
        """End a grant, its refresh tokens and its access tokens."""
        self.revision += 1
        self._grants = [kept for kept in self._grants if kept is not grant]
        self._accesses = {key: access for key, access in self._accesses.items() if access.grant is not grant}

    def revoke(self, token: str) -> bool:
        """End a grant by its refresh token, or an access token alone."""
        self.revision += 1
        if self._accesses.pop(token, None):
            return True
        grant = self.peek(token)
        if grant:
            self.end(grant)
        return grant is not None

    def revoke_all(self, org_id: str | None = None) -> int:
        ended = [grant for grant in self._grants if org_id in (None, grant.org_id)]
        for grant in ended:
            self.end(grant)
        return len(ended)

    def dump(self) -> dict[str, Any]:
        grants = [asdict(grant) | {"busy": False} for grant in self._grants]
        return {"grants": grants, "accesses": list(self._dump_accesses())}

    def load(self, dump: dict[str, Any]) -> None:
        self._grants = [Grant(**facts) for facts in dump["grants"]]
        for facts in dump["accesses"]:
            access = Access(facts["token"], self._grants[facts["grant"]], facts["issued"], facts["expires"])
            self._accesses[access.token] = access

    def _dump_accesses(self) -> Iterator[dict[str, Any]]:
        places = {id(grant): place for place, grant in enumerate(self._grants)}
        for access in self._accesses.values():
            facts = {"token": access.token, "issued": access.issued, "expires": access.expires}
            yield facts | {"grant": places[id(access.grant)]}

    def _approvals(self, grant: Grant) -> list[Grant]:
        same = (grant.client_id, grant.org_id, grant.user_id)
        return [g for g in self._grants if g.counted and (g.client_id, g.org_id, g.user_id) == same]

    def _lifetime(self, grant: Grant) -> float:
        org = self._organisation(grant.org_id)
        return float(org.settings["access_token_seconds"]) if org else 0

    @property
    def _now(self) -> float:
        return self._clock().timestamp()


def sign(secret: str, identity: str, issued_at: str) -> str:
    """The signature of a token response: HMAC-SHA256 with the app's secret over the identity URL and the time."""
    return base64.b64encode(hmac.digest(secret.encode(), (identity + issued_at).encode(), "sha256")).decode()


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _refresh_token() -> str:
    return f"5Aep861{secrets.token_urlsafe(60)}"
