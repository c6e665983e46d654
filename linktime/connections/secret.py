"""A text that must not be seen: tokens, consumer secrets, PKCE verifiers."""

import hmac
from typing import NoReturn


class Secret:
    """Holds a text that `reveal()` alone gives back; printing, logging, formatting and pickling don't."""

    __slots__ = ("_text",)
    __hash__ = None  # type: ignore[assignment]  # a secret is no key of anything

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._text.encode(), other._text.encode())

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not written down")
