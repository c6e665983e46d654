"""How often one client may send a public form."""

from http import HTTPStatus

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

PER_MINUTE = 30
MINUTE = 60


def refused(request: HttpRequest, form: BaseForm) -> bool:
    """Count this request of its client; when it is one too many, the form says so."""
    key = f"public-form:{get_adapter(request).get_client_ip(request)}"
    if _count(key) <= PER_MINUTE:
        return False
    wait = _("That was a lot of tries in a short time. Wait a minute, then press the button again.")
    form.add_error(None, ValidationError(wait, code="too_many"))
    return True


def status_of(form: BaseForm) -> HTTPStatus:
    """Return the status with which a form is shown."""
    if form.has_error(NON_FIELD_ERRORS, "too_many"):
        return HTTPStatus.TOO_MANY_REQUESTS
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _count(key: str) -> int:
    if cache.add(key, 1, timeout=MINUTE):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two calls
        return 1
