"""Is this process up, and may it get traffic? For load balancers and container platforms."""

from functools import cache

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer as long as the process does."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers and has all migrations, else 503 with what is missing."""
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except Error:
        return JsonResponse({"status": "unavailable", "database": "does not answer"}, status=503)
    missing = sorted(f"{app}.{name}" for app, name in _needed() - applied.keys())
    if missing:
        return JsonResponse({"status": "unavailable", "database": "ok", "migrations": missing}, status=503)
    return JsonResponse({"status": "ok", "database": "ok", "migrations": []})


@cache
def _needed() -> set[tuple[str, str]]:
    """Return the names of all migrations there are; squashed ones count by what replaces them."""
    return set(MigrationLoader(None).disk_migrations or {})
