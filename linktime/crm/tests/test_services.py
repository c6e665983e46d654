"""Whose a URL is: what is counted of requests is counted by service."""

import pytest

from linktime.crm import registry


@pytest.mark.parametrize(
    ("url", "service"),
    [
        ("https://login.salesforce.com/services/oauth2/token", "salesforce"),
        ("https://acme.my.salesforce.com/services/data/v66.0/composite", "salesforce"),
        ("https://api.hubapi.com/crm/v3/objects/contacts", "hubspot"),
        ("https://api.attio.com/v2/notes", "attio"),
        ("https://app.attio.com/oauth/token", "attio"),
        ("https://salesforce.com.evil.example/", "other"),
        ("https://example.com/hubspot", "other"),
        ("http://127.0.0.1:8100/hubspot/oauth/v3/token", "hubspot"),
        ("http://127.0.0.1:8100/hubspotter", "other"),
        ("nonsense", "other"),
    ],
)
def test_a_url_belongs_to_the_service_whose_host_it_names(settings, url, service):
    settings.SERVICES = {"hubspot": {"base_url": "http://127.0.0.1:8100/hubspot"}}
    assert registry.service_of(url) == service
