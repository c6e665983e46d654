from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001 - a context processor's signature
    """Give every template what it may say about this installation."""
    return {
        "LANGUAGES": settings.LANGUAGES,
        "ALLOW_SIGNUP": settings.ALLOW_SIGNUP,
        "SUPPORT_URL": settings.SUPPORT_URL,
        "BASE_URL": settings.BASE_URL,
    }
