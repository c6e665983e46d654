"""Who may use a service in this process: codes, tokens, and the two endpoints about them (RFC 6749, RFC 7636)."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx2

from linktime.crm.testing.inside import told

LIFE = timedelta(hours=2)


@dataclass
class Grants:
    """Tokens are numbered, so that a story is the same every time. `organisation` is whose all of them are."""

    organisation: str
    now: Callable[[], datetime]
    _ends: dict[str, datetime] = field(default_factory=dict)
    _refresh: dict[str, str] = field(default_factory=dict)
    _codes: dict[str, str] = field(default_factory=dict)
    _last: int = 0

    def consent(self, question: Mapping[str, str], *, allow: bool) -> dict[str, str]:
        """Decide on what a consent page is asked; return what the callback is called with."""
        if not allow:
            return {"error": "access_denied", "state": question["state"]}
        code = self._new("code")
        self._codes[code] = question.get("code_challenge", "")
        return {"code": code, "state": question["state"]}

    def grant(self) -> dict[str, Any]:
        """Return a token answer for a new grant."""
        refresh = self._new("refresh")
        self._refresh[refresh] = ""
        return self._token(refresh)

    def token(self, form: Mapping[str, str]) -> httpx2.Response:
        """Answer the token endpoint."""
        if form.get("grant_type") == "refresh_token" and form.get("refresh_token") in self._refresh:
            return told(200, self._token(form["refresh_token"]))
        challenge = self._codes.pop(form.get("code", ""), None)
        if form.get("grant_type") == "authorization_code" and challenge == _challenge(form.get("code_verifier", "")):
            return told(200, self.grant())
        return told(400, {"error": "invalid_grant", "error_description": "unknown, used or revoked"})

    def revoked(self, form: Mapping[str, str]) -> httpx2.Response:
        """Answer the revocation endpoint."""
        access = self._refresh.pop(form.get("token", ""), "")
        self._ends.pop(access, None)
        return told(200, {})

    def admits(self, authorization: str) -> bool:
        end = self._ends.get(authorization.removeprefix("Bearer "))
        return end is not None and self.now() < end

    def end_tokens(self) -> None:
        """Let all access tokens end; grants stay good."""
        self._ends.clear()

    def revoke_all(self) -> None:
        self._ends.clear()
        self._refresh.clear()

    def _token(self, refresh: str) -> dict[str, Any]:
        access = self._refresh[refresh] = self._new("access")
        self._ends[access] = self.now() + LIFE
        return {
            "access_token": access,
            "refresh_token": refresh,
            "expires_in": round(LIFE.total_seconds()),
            "organisation": self.organisation,
        }

    def _new(self, kind: str) -> str:
        self._last += 1
        return f"{kind}-{self._last}"


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
