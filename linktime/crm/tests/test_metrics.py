"""What operators see of the CRMs: what waits and since when, what was tried, what went wrong, how long it took."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from linktime.connections.models import Connection
from linktime.core.clock import now
from linktime.crm import actions, metrics
from linktime.crm.models import SyncAttempt, SyncRecord
from linktime.jobs.models import Tally

REFUSAL = {
    "kind": "status",
    "status": 400,
    "body": [{"errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "m"}],
}


def gauge(metric: str, **labels: str) -> float | None:
    found = [one.value for one in metrics.gauges() if one.metric == f"linktime_{metric}" and one.labels == labels]
    return found[0] if found else None


def tallied(metric: str, bucket: str = "") -> dict[str, float]:
    """Count anew, and return a metric's values by their labels but the CRM."""
    metrics.count_attempts()
    rows = Tally.objects.filter(metric=f"linktime_{metric}", bucket=bucket, labels__crm="salesforce")
    return {" ".join(row.labels[name] for name in sorted(row.labels) if name != "crm"): row.value for row in rows}


def test_what_was_tried_is_counted_once(connected, emulator):
    connected.book("grace@example.com")
    connected.drain()
    assert tallied("sync_attempts_total") == {"create done": 1}
    assert tallied("sync_attempts_total") == {"create done": 1}
    emulator.fault(REFUSAL, path="/composite$")
    connected.book("ada@example.com")
    connected.drain()
    assert tallied("sync_attempts_total") == {"create done": 1, "create failed": 1}
    assert tallied("sync_errors_total") == {"FIELD_CUSTOM_VALIDATION_EXCEPTION": 1}
    assert gauge("sync_failed", crm="salesforce") == 1
    assert gauge("connections", crm="salesforce", state="connected") == 1


def test_a_code_that_is_no_code_is_counted_as_another(connected):
    booking = connected.book("grace@example.com")
    record = SyncRecord.objects.get(booking=booking)
    for code in ("grace@example.com", "x" * 61, "OK_1"):
        values = {"at": now(), "revision": 1, "action": "create", "calls": 1, "ms": 1, "outcome": "failed"}
        SyncAttempt.objects.create(record=record, error_code=code, **values)
    assert tallied("sync_errors_total") == {"other": 2, "OK_1": 1}


def test_the_way_from_the_commit_to_the_crm_is_timed(connected, later):
    connected.book("grace@example.com")
    connected.drain(later(seconds=20))
    assert tallied("sync_latency_seconds", "30") == {"": 1}
    assert tallied("sync_latency_seconds", "sum")[""] == pytest.approx(20, abs=5)


def test_a_booking_that_is_older_than_the_connection_is_not_late(connected):
    connected.book("grace@example.com")
    Connection.objects.update(connected_at=now() + timedelta(seconds=1))
    connected.drain()
    assert tallied("sync_attempts_total") == {"create done": 1}
    assert not Tally.objects.filter(metric="linktime_sync_latency_seconds").exists()


def test_the_oldest_change_that_waits_is_told_however_often_it_was_tried(connected, emulator):
    """`due_at` moves with every try: a booking that is tried for days would look as if it had just come."""
    assert gauge("sync_oldest_pending_seconds", crm="salesforce") is None
    booking = connected.book("grace@example.com")
    SyncRecord.objects.update(pending_since=now() - timedelta(hours=5), due_at=now() + timedelta(hours=1), tries=9)
    connected.book("ada@example.com")
    assert gauge("sync_pending", crm="salesforce") == 2
    assert gauge("sync_oldest_pending_seconds", crm="salesforce") == pytest.approx(5 * 3600, abs=60)
    connected.move(booking)
    assert gauge("sync_oldest_pending_seconds", crm="salesforce") == pytest.approx(5 * 3600, abs=60)
    connected.drain()
    assert gauge("sync_oldest_pending_seconds", crm="salesforce") is None
    connected.move(booking)
    assert gauge("sync_oldest_pending_seconds", crm="salesforce") == pytest.approx(0, abs=60)


def test_a_failed_booking_that_is_retried_waits_since_then(connected):
    connected.book("grace@example.com")
    SyncRecord.objects.update(pending_since=now() - timedelta(days=9), state="failed", due_at=None)
    actions.retry_failed(Connection.objects.get(), now())
    assert gauge("sync_oldest_pending_seconds", crm="salesforce") == pytest.approx(0, abs=60)


def test_what_waits_for_its_owner_is_no_alarm_for_the_operator(connected):
    connected.book("grace@example.com")
    Connection.objects.update(state=Connection.State.NEEDS_RECONNECT)
    assert gauge("sync_oldest_pending_seconds", crm="salesforce") is None
    assert gauge("sync_pending", crm="salesforce") == 1
    assert gauge("connections", crm="salesforce", state="needs_reconnect") == 1


def test_no_question_reads_the_table_of_records(connected, django_assert_num_queries):
    """Each is an index look-up a connection; `bench/metrics.py` times a million records."""
    connected.book("grace@example.com")
    plans = []
    with django_assert_num_queries(4) as asked:
        list(metrics.gauges())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
    assert not [plan for plan in plans if "Seq Scan on crm_syncrecord" in plan]
