"""Metrics in Prometheus' text format, for who has the token: /metrics.

What is the case now is asked of the database with each scrape; what has been counted is what all processes together
have brought to it, so that any web server answers for all.
"""

from hmac import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from linktime.crm import metrics as crm
from linktime.jobs import metrics as jobs
from linktime.jobs.models import Tally


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer a scrape; 404 where no token is set, 401 without it."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not _has_token(request):
        return HttpResponse("Give the token.\n", status=401, headers={"WWW-Authenticate": "Bearer"})
    from linktime.api import exposition  # noqa: PLC0415 - its library takes 0.1 s, which only a scrape has to spend

    crm.count_attempts()
    body, content_type = exposition.written(
        [*jobs.gauges(), *crm.gauges()], Tally.objects.all(), accept=request.headers.get("Accept", "")
    )
    return HttpResponse(body, content_type=content_type, headers={"Cache-Control": "no-store"})


def _has_token(request: HttpRequest) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
