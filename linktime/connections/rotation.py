"""Bring every secret under the newest key, while everything else runs.

Each secret is one small update, on condition that nobody has changed it meanwhile: so nothing is lost that a refresh
writes, and what was broken off goes on where it stopped. Secrets under the newest key already are not touched.
"""

import base64
import binascii
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db.models import BinaryField, F, Func, Model, Value

from linktime.connections import second_factor, vault

PASSES = 3  # a process that was started with the old list of keys writes under an old one until it ends

Reseal = Callable[[], int]


@dataclass(slots=True)
class Rotation:
    """What became of it: how many were `changed`, and why those in `broken` do not open, by where they stand."""

    changed: int = 0
    broken: dict[str, str] = field(default_factory=dict)


def rotate(progress: Callable[[int, int], None]) -> Rotation:
    """Bring every secret under the newest key. `progress` is called with (done, of how many)."""
    rotation, done = Rotation(), 0
    for _ in range(PASSES):
        waiting = {place: reseal for place, reseal in _older() if place not in rotation.broken}
        for place, reseal in waiting.items():
            try:
                rotation.changed += reseal()
            except vault.VaultError as error:
                rotation.broken[place] = str(error)
            done += 1
            progress(done, max(done, len(waiting)))
    return rotation


def key_ids() -> Counter[str]:
    """Count the secrets by the key they are sealed under; `?` for what is no sealed secret."""
    found: Counter[str] = Counter()
    for model, column in vault.columns():
        heads = _beginning(model, column, vault.LONGEST_PREFIX).values_list("head", flat=True)
        found.update(_key_of(bytes(head)) for head in heads.iterator())
    for factor in second_factor.factors():
        found.update(_key_of(_decoded(text)) for text in second_factor.sealed_texts(factor).values())
    return found


def _key_of(sealed: bytes) -> str:
    try:
        return vault.key_id(sealed)
    except vault.Tampered:
        return "?"


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except binascii.Error:
        return b""


def _older() -> Iterator[tuple[str, Reseal]]:
    """Yield where secrets under older keys stand, and what brings each under the newest."""
    newest = vault.newest_prefix()
    for model, column in vault.columns():
        rows = _beginning(model, column, len(newest)).exclude(head=newest).order_by("pk")
        for pk in rows.values_list("pk", flat=True):
            yield f"{model._meta.label_lower} {pk} {column}", partial(_reseal, model, pk, column)
    for factor in second_factor.factors().order_by("pk"):
        if not all(_decoded(text).startswith(newest) for text in second_factor.sealed_texts(factor).values()):
            yield f"second factor {factor.pk}", partial(second_factor.reseal, factor.pk)


def _beginning(model: type[Model], column: str, length: int) -> Any:
    """Return the rows that have a secret in this column, with its first bytes as `head`."""
    head = Func(F(column), Value(1), Value(length), function="substring", output_field=BinaryField())
    return model._default_manager.filter(**{f"{column}__isnull": False}).annotate(head=head)


def _reseal(model: type[Model], pk: object, column: str) -> int:
    """Write one secret anew, unless somebody changes it at this moment: theirs is under the newest key."""
    row = model._default_manager.filter(pk=pk).first()
    sealed = bytes(getattr(row, column) or b"") if row else b""
    if row is None or not sealed or sealed.startswith(vault.newest_prefix()):
        return 0
    resealed = vault.seal(vault.open_sealed(row, column), row, column)
    return model._default_manager.filter(pk=pk, **{column: sealed}).update(**{column: resealed})
