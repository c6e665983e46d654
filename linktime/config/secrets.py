"""Secrets that the operator gives, checked for their form at start."""

import base64
import binascii
from urllib.parse import urlsplit

from linktime.config.environ import Environment, Misconfigured

KEY_BYTES = 32
SHORTEST_SECRET = 32


def secret_key(env: Environment) -> str:
    value = env.text("SECRET_KEY")
    if len(value) < SHORTEST_SECRET:
        raise Misconfigured(
            f"LINKTIME_SECRET_KEY: give {SHORTEST_SECRET} or more random characters (openssl rand -hex 32)"
        )
    return value


def encryption_keys(env: Environment) -> dict[str, bytes]:
    """Parse `id:base64,id:base64`, newest first: new secrets are written under the first, all of them can be read."""
    return env.parsed("ENCRYPTION_KEYS", parse_keys, default="", example="2026a:$(openssl rand -base64 32)")


def parse_keys(text: str) -> dict[str, bytes]:
    keys: dict[str, bytes] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, colon, encoded = part.partition(":")
        if not colon or not name or name in keys:
            raise ValueError("each key is id:base64-of-32-bytes, each id once")
        keys[name] = _decoded(name, encoded)
    if not keys:
        raise ValueError("give at least one key")
    return keys


def _decoded(name: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ValueError(f"key {name!r} is not base64") from error
    if len(key) != KEY_BYTES:
        raise ValueError(f"key {name!r} has {len(key)} bytes; {KEY_BYTES} are needed")
    return key


def allowed_hosts(base_url: str) -> list[str]:
    """Return the host names that this installation answers to: its own, and loopback."""
    host = urlsplit(base_url).hostname
    if host is None:
        raise Misconfigured(
            f"LINKTIME_BASE_URL is {base_url!r}; for example LINKTIME_BASE_URL=https://meet.example.com"
        )
    return sorted({host, "127.0.0.1", "localhost"})
