"""Secrets in the database: AES-256-GCM under a ring of keys, bound to the row and column they were written for.

A sealed secret is a version byte, the length of the key's id, the id, a nonce of 12 bytes, and the encrypted text with
its tag. The row's identity is associated data, so what is copied to another row or column does not open there.

    VaultError
    ├─ UnknownKey    it was sealed under a key that LINKTIME_ENCRYPTION_KEYS doesn't have (any more)
    └─ Tampered      it was changed, cut, or belongs somewhere else
"""

import base64
import binascii
import secrets
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.conf import settings
from django.db.models import Model

from linktime.connections.fields import SealedField
from linktime.connections.secret import Secret

VERSION = 1
NONCE_BYTES = 12
PREFIX_BYTES = 2  # version and length of the key's id
LONGEST_PREFIX = PREFIX_BYTES + 255

Column = tuple[type[Model], str]


class VaultError(Exception):
    pass


class UnknownKey(VaultError):
    pass


class Tampered(VaultError):
    pass


def seal(secret: Secret, row: Model, field: str) -> bytes:
    """Encrypt a secret for one column of a row that is saved (it needs its primary key)."""
    return _encrypt(secret.reveal(), _place(row, field))


def open_sealed(row: Model, field: str) -> Secret:
    """Decrypt what a row's column holds. Raises VaultError."""
    return Secret(_decrypt(bytes(getattr(row, field) or b""), _place(row, field)))


def seal_text(text: str, place: str) -> str:
    """Encrypt a text that somebody else's column keeps as text; it opens for the same `place` alone."""
    return base64.b64encode(_encrypt(text, place.encode())).decode()


def open_text(sealed: str, place: str) -> str:
    """Decrypt what `seal_text` made. Raises VaultError."""
    try:
        return _decrypt(base64.b64decode(sealed, validate=True), place.encode())
    except binascii.Error as error:
        raise Tampered("This is not a sealed secret.") from error


def _encrypt(text: str, place: bytes) -> bytes:
    name, key = next(iter(settings.ENCRYPTION_KEYS.items()))
    nonce = secrets.token_bytes(NONCE_BYTES)
    return _prefix(name) + nonce + AESGCM(key).encrypt(nonce, text.encode(), place)


def _decrypt(sealed: bytes, place: bytes) -> str:
    name = key_id(sealed)
    if name not in settings.ENCRYPTION_KEYS:
        raise UnknownKey(f"A secret is sealed under the key {name!r}; LINKTIME_ENCRYPTION_KEYS must still list it.")
    rest = sealed[PREFIX_BYTES + len(name.encode()) :]
    try:
        cipher = AESGCM(settings.ENCRYPTION_KEYS[name])
        return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], place).decode()
    except (InvalidTag, ValueError) as error:
        raise Tampered(f"The sealed {place.decode()} has been changed.") from error


def _prefix(name: str) -> bytes:
    return bytes([VERSION, len(name.encode())]) + name.encode()


def key_id(sealed: bytes) -> str:
    """Return the id of the key that a secret is sealed under. Raises Tampered."""
    if len(sealed) <= PREFIX_BYTES or sealed[0] != VERSION:
        raise Tampered("This is not a sealed secret.")
    return sealed[PREFIX_BYTES : PREFIX_BYTES + sealed[1]].decode(errors="replace")


def _place(row: Model, field: str) -> bytes:
    if row.pk is None:
        raise ValueError("Only a saved row can hold a secret: its primary key is part of the seal.")
    return f"{row._meta.label_lower}:{row.pk}:{field}".encode()


def newest_prefix() -> bytes:
    """Return how every secret begins that is sealed under the newest key."""
    return _prefix(next(iter(settings.ENCRYPTION_KEYS)))


def columns() -> Iterator[Column]:
    """Yield every column that holds secrets."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField):
                yield model, field.name
