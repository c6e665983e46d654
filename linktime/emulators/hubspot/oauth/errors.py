"""The errors of the token endpoints: RFC 6749's two fields, and HubSpot's `status` and `message`."""

from typing import Any

from starlette.responses import JSONResponse, Response


class OAuthError(Exception):
    def __init__(self, error: str, status: str, message: str) -> None:
        super().__init__(message)
        self.error, self.status, self.message = error, status, message

    def answer(self) -> Response:
        facts: dict[str, Any] = {
            "error": self.error,
            "error_description": self.message,
            "status": self.status,
            "message": self.message,
        }
        return JSONResponse(facts, status_code=400)


def bad_refresh_token() -> OAuthError:
    return OAuthError("invalid_grant", "BAD_REFRESH_TOKEN", "refresh token is invalid, expired or revoked")


def bad_code() -> OAuthError:
    return OAuthError("invalid_grant", "BAD_AUTH_CODE", "missing or unknown auth code")
