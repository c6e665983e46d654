import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_stage_is_set():
    """Tests have a PostgreSQL with btree_gist."""
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_extension where extname = 'btree_gist'")
        assert cursor.fetchone() == (1,)
