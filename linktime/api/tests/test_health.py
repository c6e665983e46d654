import pytest
from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db


def test_a_running_process_is_healthy_whatever_the_database_does(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_means_that_the_database_answers_with_all_migrations(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok", "migrations": []})


def test_a_missing_migration_is_named(client):
    MigrationRecorder.Migration.objects.filter(app="api", name="0001_initial").delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, ["api.0001_initial"])


def test_a_database_that_is_away_is_told(client, monkeypatch):
    def fail(self):
        raise OperationalError

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", fail)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "database": "does not answer"})
