"""Gauges and tallies as Prometheus reads them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from linktime.core.counting import BUCKETS, SUM, Gauge
from linktime.jobs.models import Tally

HELP = {
    "linktime_queue_jobs": "Jobs that wait, by queue.",
    "linktime_workers": "Queues that living workers work on; each worker process has four.",
    "linktime_connections": "Connections by CRM and state.",
    "linktime_sync_pending": "Bookings that a CRM does not show yet; up to 10000 of each connection are counted.",
    "linktime_sync_failed": "Bookings that need a person; up to 10000 of each connection are counted.",
    "linktime_sync_oldest_pending_seconds": "Age of the oldest change that a connected CRM does not show.",
    "linktime_sync_attempts_total": "Pushes of a booking to a CRM, by what was done and what came of it.",
    "linktime_sync_errors_total": "Errors of those pushes, by the CRM's own code.",
    "linktime_sync_latency_seconds": "From the commit of a change to the CRM's answer.",
    "linktime_http_requests_total": "Requests to other services, by status; not_sent and answer_lost have none.",
    "linktime_http_request_seconds": "How long they took.",
    "linktime_token_refreshes_total": "Refreshes of tokens, by outcome: done, unavailable, or the refusal's code.",
    "linktime_jobs_total": "Jobs that ended, by task; a drain is linktime.crm.tasks.drain.",
    "linktime_job_seconds": "How long jobs ran.",
}


def written(gauges: Iterable[Gauge], tallies: Iterable[Tally], *, accept: str) -> tuple[bytes, str]:
    """Return the text and its content type, in the format that the Accept header asks for."""
    encode, content_type = choose_encoder(accept)
    return encode(_Families([*_gauges(gauges), *_tallies(tallies)])), content_type


class _Families(Collector):
    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("linktime_build", "The version.", {"version": version("linktime")})
        yield from self._families


def _gauges(gauges: Iterable[Gauge]) -> Iterator[Metric]:
    families: dict[str, GaugeMetricFamily] = {}
    for gauge in gauges:
        family = families.setdefault(
            gauge.metric, GaugeMetricFamily(gauge.metric, HELP[gauge.metric], labels=list(gauge.labels))
        )
        family.add_metric(list(gauge.labels.values()), gauge.value)
    yield from families.values()


def _tallies(tallies: Iterable[Tally]) -> Iterator[Metric]:
    """Yield a counter or a histogram for each metric; those that this version does not know stay in the database."""
    by_metric: dict[str, list[Tally]] = defaultdict(list)
    for tally in tallies:
        by_metric[tally.metric].append(tally)
    for metric in sorted(HELP.keys() & by_metric.keys()):
        yield (
            _histogram(metric, by_metric[metric])
            if metric.endswith("_seconds")
            else _counter(metric, by_metric[metric])
        )


def _counter(metric: str, tallies: list[Tally]) -> Metric:
    family = CounterMetricFamily(metric, HELP[metric], labels=sorted(tallies[0].labels))
    for tally in tallies:
        family.add_metric([tally.labels[label] for label in sorted(tally.labels)], tally.value)
    return family


def _histogram(metric: str, tallies: list[Tally]) -> Metric:
    series: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    for tally in tallies:
        series[tuple(tally.labels[label] for label in sorted(tally.labels))][tally.bucket] = tally.value
    family = HistogramMetricFamily(metric, HELP[metric], labels=sorted(tallies[0].labels))
    for labels, values in series.items():
        family.add_metric(list(labels), _cumulated(values), values.get(SUM, 0))
    return family


def _cumulated(values: Mapping[str, float]) -> list[tuple[str, float]]:
    return list(zip(BUCKETS, accumulate(values.get(bucket, 0) for bucket in BUCKETS), strict=True))
