"""The files that an account's brand needs: a stylesheet made from its colour, and its picture."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from linktime.accounts.models import Brand
from linktime.core.errors import NotFound

DAY, YEAR = 24 * 3600, 365 * 24 * 3600
NOTHING_ELSE = {"default-src": ["'none'"], "sandbox": True}


@require_safe
@cache_control(public=True, max_age=DAY)
def stylesheet(request: HttpRequest, colour: str) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Make the stylesheet of a colour, the same for whoever asks."""
    from linktime.web import palette  # noqa: PLC0415 - its library takes 0.2 s to load

    return HttpResponse(palette.stylesheet(f"#{colour}"), content_type="text/css; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=YEAR, immutable=True)
def picture(request: HttpRequest, digest: str) -> HttpResponse:  # noqa: ARG001 - a view's signature
    found = Brand.objects.filter(picture_digest=digest).first()
    if found is None:
        raise NotFound
    response = HttpResponse(bytes(found.picture), content_type="image/webp")
    vars(response)["_csp_config"] = NOTHING_ELSE
    return response
