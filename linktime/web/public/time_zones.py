"""The list of time zones: a page of its own, shown in a dialog where scripts run."""

from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from linktime.core import clock, languages
from linktime.web import zones
from linktime.web.links import inside, with_query
from linktime.web.visitor import reading_of


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    search = request.GET.get("search", "")[:100]
    back = inside(request.GET.get("next", ""))
    path, _, query = back.partition("?")
    kept = dict(parse_qsl(query))
    rows = [
        {"zone": choice, "href": with_query(path, **kept | {"zone": choice.name})}
        for choice in zones.choices(clock.now(), search, language=translation.get_language() or languages.ENGLISH)
    ]
    context = {"choices": rows, "next": back, "search": search, "reading": reading_of(request, "UTC")}
    return render(request, "public/zones.html", context)
