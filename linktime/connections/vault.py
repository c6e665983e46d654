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
from collections.abc import Callable, Iterator

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
    key_id, key = next(iter(settings.ENCRYPTION_KEYS.items()))
    nonce = secrets.token_bytes(NONCE_BYTES)
    return _prefix(key_id) + nonce + AESGCM(key).encrypt(nonce, text.encode(), place)


def _decrypt(sealed: bytes, place: bytes) -> str:
    key_id = _key_id(sealed)
    if key_id not in settings.ENCRYPTION_KEYS:
        raise UnknownKey(f"A secret is sealed under the key {key_id!r}; LINKTIME_ENCRYPTION_KEYS must still list it.")
    rest = sealed[PREFIX_BYTES + len(key_id.encode()) :]
    try:
        cipher = AESGCM(settings.ENCRYPTION_KEYS[key_id])
        return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], place).decode()
    except (InvalidTag, ValueError) as error:
        raise Tampered(f"The sealed {place.decode()} has been changed.") from error


def _prefix(key_id: str) -> bytes:
    name = key_id.encode()
    return bytes([VERSION, len(name)]) + name


def _key_id(sealed: bytes) -> str:
    if len(sealed) <= PREFIX_BYTES or sealed[0] != VERSION:
        raise Tampered("This is not a sealed secret.")
    return sealed[PREFIX_BYTES : PREFIX_BYTES + sealed[1]].decode(errors="replace")


def _place(row: Model, field: str) -> bytes:
    if row.pk is None:
        raise ValueError("Only a saved row can hold a secret: its primary key is part of the seal.")
    return f"{row._meta.label_lower}:{row.pk}:{field}".encode()


def reencrypt_all(progress: Callable[[int, int], None]) -> int:
    """Bring every secret under the newest key and return how many were changed.

    Each is one small conditional update, so it can run while everything else does, and again after it was broken off.
    `progress` is called with (seen, of how many). Secrets that don't open stop it with VaultError.
    """
    waiting = list(_sealed_rows())
    changed = 0
    for seen, (model, pk, field) in enumerate(waiting, 1):
        changed += _reencrypt(model, pk, field)
        progress(seen, len(waiting))
    return changed


def columns() -> Iterator[Column]:
    """Yield every column that holds secrets."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField):
                yield model, field.name


def _sealed_rows() -> Iterator[tuple[type[Model], object, str]]:
    for model, field in columns():
        rows = model._default_manager.filter(**{f"{field}__isnull": False}).order_by("pk")
        for pk in rows.values_list("pk", flat=True):
            yield model, pk, field


def _reencrypt(model: type[Model], pk: object, field: str) -> int:
    """Write one secret anew, unless somebody changes it at this moment: theirs is under the newest key."""
    row = model._default_manager.filter(pk=pk).first()
    sealed = bytes(getattr(row, field) or b"") if row else b""
    newest = next(iter(settings.ENCRYPTION_KEYS))
    if row is None or not sealed or sealed.startswith(_prefix(newest)):
        return 0
    resealed = seal(open_sealed(row, field), row, field)
    return model._default_manager.filter(pk=pk, **{field: sealed}).update(**{field: resealed})
