"""The errors of the OAuth endpoints: `{"error", "error_description"}`."""


class OAuthError(Exception):
    def __init__(self, error: str, description: str, *, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status


def invalid_grant(description: str) -> OAuthError:
    return OAuthError("invalid_grant", description)
