"""/metrics, as a Prometheus meets it."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from linktime.core.counting import BUCKETS, SUM, Series
from linktime.jobs import tally
from linktime.jobs.enqueue import enqueue
from linktime.jobs.tests.test_rescue import nothing

pytestmark = pytest.mark.django_db
TOKEN = "scrape-me"


@pytest.fixture(autouse=True)
def _on(settings):
    settings.METRICS_TOKEN = TOKEN


def scrape(client, authorization: str = f"Bearer {TOKEN}"):
    return client.get("/metrics", headers={"Authorization": authorization} if authorization else {})


def samples(client) -> dict[tuple[str, ...], float]:
    """Every sample of a scrape: its name and the values of its labels -> value."""
    families = text_string_to_metric_families(scrape(client).content.decode())
    return {(one.name, *sorted(one.labels.values())): one.value for family in families for one in family.samples}


def test_without_a_token_in_the_settings_there_is_nothing(client, settings):
    settings.METRICS_TOKEN = ""
    assert scrape(client, "Bearer ").status_code == 404
    assert client.post("/metrics").status_code == 405


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", TOKEN, f"Basic {TOKEN}", "Bearer", "Bearer schlüssel"])
def test_who_does_not_know_the_token_gets_nothing(client, authorization):
    answer = scrape(client, authorization)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert b"linktime" not in answer.content


def test_who_knows_it_gets_text_that_prometheus_reads(client):
    enqueue(nothing)
    answer = scrape(client)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    found = samples(client)
    assert found["linktime_queue_jobs", "system"] == 1
    assert found["linktime_queue_jobs", "crm"] == 0
    assert found["linktime_workers",] == 0
    assert [key for key in found if key[0] == "linktime_build_info"]


def test_an_openmetrics_scraper_gets_openmetrics(client):
    headers = {"Authorization": f"Bearer {TOKEN}", "Accept": "application/openmetrics-text; version=1.0.0"}
    answer = client.get("/metrics", headers=headers)
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    assert answer.content.endswith(b"# EOF\n")


def test_what_all_processes_counted_is_there(client):
    labels = (("service", "salesforce"),)
    tally.add({Series("linktime_http_requests_total", (("method", "GET"), *labels, ("status", "200"))): 7})
    for bucket, number in (("0.1", 2), ("5", 3), ("+Inf", 1), (SUM, 99.5)):
        tally.add({Series("linktime_http_request_seconds", labels, bucket): number})
    tally.add({Series("linktime_of_another_version", ()): 1})
    found = samples(client)
    assert found["linktime_http_requests_total", "200", "GET", "salesforce"] == 7
    assert found["linktime_http_request_seconds_sum", "salesforce"] == 99.5
    assert found["linktime_http_request_seconds_count", "salesforce"] == 6
    buckets = [found["linktime_http_request_seconds_bucket", *sorted((bucket, "salesforce"))] for bucket in BUCKETS]
    assert buckets == [0, 2, 2, 2, 2, 2, 5, 5, 5, 5, 5, 5, 6]


def test_a_scrape_costs_few_queries(client, django_assert_max_num_queries):
    scrape(client)
    with django_assert_max_num_queries(14):
        scrape(client)
