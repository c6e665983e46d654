"""What `linktime check` says of a configuration."""

import pytest
from django.core.checks import run_checks

SMTP = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": {}}}
FINE = {
    "BASE_URL": "https://meet.example.com",
    "ALLOW_PRIVATE_ADDRESSES": False,
    "MAILERS": SMTP,
    "DEFAULT_FROM_EMAIL": "LinkTime <meet@example.com>",
    "SERVICES": {"salesforce": {"client_id": "key", "client_secret": "secret", "base_url": ""}},
    "RATE_LIMIT": 120,
    "TRUSTED_PROXIES": 1,
}


def found(settings, **changes) -> list[str]:
    for name, value in (FINE | changes).items():
        setattr(settings, name, value)
    return [message.id for message in run_checks() if message.id.startswith("linktime.")]


def test_a_whole_configuration_is_fine(settings):
    assert found(settings) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"BASE_URL": "https://example.com/meet"}, "linktime.E001"),
        ({"BASE_URL": "meet.example.com"}, "linktime.E001"),
        ({"BASE_URL": "http://meet.example.com"}, "linktime.W002"),
        ({"ALLOW_PRIVATE_ADDRESSES": True}, "linktime.W003"),
        ({"MAILERS": {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}}, "linktime.W004"),
        ({"DEFAULT_FROM_EMAIL": "LinkTime <noreply@localhost>"}, "linktime.W005"),
        ({"SERVICES": {"salesforce": {"client_id": "key", "client_secret": ""}}}, "linktime.E006"),
        ({"SERVICES": {"salesforce": {"client_id": "", "client_secret": ""}}}, "linktime.I007"),
        ({"RATE_LIMIT": 0}, "linktime.E008"),
        ({"TRUSTED_PROXIES": 0}, "linktime.W009"),
    ],
)
def test_each_fault_is_named(settings, changes, code):
    assert found(settings, **changes) == [code]


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"])
def test_http_and_private_addresses_are_fine_on_ones_own_machine(settings, url):
    assert found(settings, BASE_URL=url, ALLOW_PRIVATE_ADDRESSES=True) == []
