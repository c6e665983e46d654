import httpx2
import pytest

from linktime.emulators.conftest import TLS


@pytest.fixture
def hubspot(process):
    service = process.at("hubspot")
    service.reset()
    return service


@pytest.fixture
def api(hubspot):
    """A client with an access token; its addresses begin after the service's."""
    headers = {"Authorization": f"Bearer {hubspot.token()['access_token']}"}
    with httpx2.Client(base_url=hubspot.url, headers=headers, timeout=10, verify=TLS) as client:
        yield client


@pytest.fixture
def anybody(hubspot):
    with httpx2.Client(base_url=hubspot.url, timeout=10, verify=TLS) as client:
        yield client
