"""What two workers do is seen at the web server's /metrics: workers have no port of their own."""

import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.acceptance.test_demo import free_port
from tests.installation import wait_until
from tests.processes import LINKTIME, running

pytestmark = [pytest.mark.acceptance, pytest.mark.long]
TOKEN = {"LINKTIME_METRICS_TOKEN": "scrape-me"}


def scrape(port: int) -> dict[str, float]:
    """Every sample, the labels' values behind its name; empty while nobody answers."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"Authorization": "Bearer scrape-me"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read().decode()
    except OSError:
        return {}
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {" ".join([one.name, *sorted(one.labels.values())]): one.value for one in samples}


def test_what_workers_count_is_seen_at_the_web_server(installation):
    installation.connect()
    installation.emulator.settings(latency_ms=50)
    port = free_port()
    with running(*LINKTIME, "serve", "--port", str(port), "--workers", "2", **TOKEN):
        workers = [installation.start_worker(**TOKEN) for _ in range(2)]
        for number in range(6):
            installation.book(f"invitee{number}@example.com")
        installation.quiet(60)
        wait_until(lambda: scrape(port).get("linktime_workers") == 8, 30, "two workers, four queues each")
        for worker in workers:
            worker.stop()  # which brings the last counts
        found = scrape(port)
    assert found["linktime_sync_attempts_total create done salesforce"] == 6
    assert found["linktime_sync_latency_seconds_count salesforce"] == 6
    calls = sum(row["path"].endswith("/composite") for row in installation.emulator.requests())
    assert found["linktime_http_requests_total 200 POST salesforce"] == calls
    assert found["linktime_jobs_total done linktime.crm.tasks.drain"] >= 1
    assert found["linktime_jobs_total done linktime.notifications.tasks.send_booking_mail"] == 12
    assert "linktime_sync_oldest_pending_seconds salesforce" not in found
