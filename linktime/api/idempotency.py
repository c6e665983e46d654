"""The same POST twice is one POST: its answer is kept for a day and given again.

Claim, work and answer are one transaction. So a process that dies leaves neither a booking without its answer nor a
claim without its booking; and of two equal requests at once, the second waits at the claim and then finds the answer.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from linktime.accounts.models import Account
from linktime.api.answers import KEPT
from linktime.api.models import IdempotentAnswer
from linktime.api.problems import MEDIA_TYPE, Refused
from linktime.core.errors import Fault, Invalid

HEADER = "Idempotency-Key"
PATIENCE = "10s"
LONGEST = 255

_CLAIM = """
    INSERT INTO api_idempotentanswer AS a (account_id, key, fingerprint, status, body, at)
    VALUES (%s, %s, %s, NULL, '', %s)
    ON CONFLICT (account_id, key) DO UPDATE
    SET fingerprint = excluded.fingerprint, status = NULL, body = '', at = excluded.at
    WHERE a.at <= %s
    RETURNING id
"""


def once(
    request: HttpRequest, account: Account, now: datetime, work: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Do the work, unless this request has been answered before: then give that answer.

    What raises (a fault of ours) is undone with its claim, and can be asked again.
    """
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST":
        return work()
    _check(key)
    with transaction.atomic():
        claimed = _claim(account, key, fingerprint_of(request), now)
        if claimed is None:
            return _earlier_answer(account, key, fingerprint_of(request))
        answer = work()
        _keep(claimed, answer)
        return answer


def fingerprint_of(request: HttpRequest) -> str:
    asked = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(asked + request.body).hexdigest()


def _check(key: str) -> None:
    if not 1 <= len(key) <= LONGEST or not key.isascii() or not key.isprintable():
        raise Invalid(Fault(HEADER, "invalid", f"An {HEADER} has 1 to {LONGEST} printable ASCII characters."))


def _claim(account: Account, key: str, fingerprint: str, now: datetime) -> int | None:
    """Take the key for this request and return its row's id, or None when it is taken. Waits for one at work."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:  # a savepoint, for the lock's time-out
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            cursor.execute(_CLAIM, (account.pk, key, fingerprint, now, now - KEPT))
            row = cursor.fetchone()
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    except OperationalError as error:
        detail = f"A request with this {HEADER} is still at work. Ask again in a moment."
        raise Refused(409, "idempotency_key_in_progress", detail, Retry_After="1") from error
    return row[0] if row else None


def _earlier_answer(account: Account, key: str, fingerprint: str) -> HttpResponse:
    earlier = IdempotentAnswer.objects.get(account=account, key=key)
    if earlier.fingerprint != fingerprint:
        detail = f"This {HEADER} belongs to another request. Use a new one for each thing you want done."
        raise Refused(409, "idempotency_key_reused", detail)
    kind = "application/json; charset=utf-8" if (earlier.status or 0) < 400 else MEDIA_TYPE  # noqa: PLR2004
    headers = {"Idempotent-Replayed": "true"}
    return HttpResponse(earlier.body, status=earlier.status, content_type=kind, headers=headers)


def _keep(claimed: int, answer: HttpResponseBase) -> None:
    body = answer.content.decode() if isinstance(answer, HttpResponse) else ""
    IdempotentAnswer.objects.filter(pk=claimed).update(status=answer.status_code, body=body)
