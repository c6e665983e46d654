"""Which creates have gone out and were not answered yet: written down before they go, under the lease.

One statement for any number of records: it stands between a booking and the request that shows it.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from linktime.crm.lease import Lease, LeaseLost
from linktime.crm.plan import RECHECK_AFTER

# An attempt of an earlier drain that was looked up and not found may still have arrived: it becomes a doubt.
_REMEMBER = """
    WITH held AS (SELECT id FROM crm_organisation WHERE id = %(organisation)s AND epoch = %(epoch)s FOR NO KEY UPDATE)
    UPDATE crm_syncrecord record
       SET attempt = sent.attempt,
           doubt = CASE WHEN sent.again OR record.attempt IS NULL THEN record.doubt
                        ELSE coalesce(record.doubt, '[]') || jsonb_build_array(record.attempt) END,
           recheck_at = CASE WHEN sent.again OR record.attempt IS NULL THEN record.recheck_at ELSE %(recheck_at)s END
      FROM held, unnest(%(ids)s::bigint[], %(attempts)s::jsonb[], %(again)s::boolean[]) AS sent (id, attempt, again)
     WHERE record.id = sent.id
"""
_FORGET = """
    WITH held AS (SELECT id FROM crm_organisation WHERE id = %(organisation)s AND epoch = %(epoch)s FOR NO KEY UPDATE)
    UPDATE crm_syncrecord record SET attempt = NULL FROM held WHERE record.id = ANY(%(ids)s)
"""


def remember(
    lease: Lease,
    values: Mapping[int, Mapping[str, Any]],
    revisions: Mapping[int, int],
    *,
    again: Collection[int],
    now: datetime,
) -> None:
    """Write down what is about to be sent: record -> values to look it up by. LeaseLost: send nothing.

    `again` are the records of which this drain has sent a create before.
    """
    stamps = [{"at": now.isoformat(), "revision": revisions[key], "values": dict(sent)} for key, sent in values.items()]
    columns = {"attempts": [Jsonb(stamp) for stamp in stamps], "again": [key in again for key in values]}
    _execute(lease, _REMEMBER, list(values), recheck_at=now + RECHECK_AFTER, **columns)


def forget(lease: Lease, keys: Collection[int]) -> None:
    """Take back what `remember` said of these: nothing was made."""
    _execute(lease, _FORGET, list(keys))


def _execute(lease: Lease, statement: str, ids: list[int], **columns: Any) -> None:
    if not ids:
        return
    held = {"organisation": lease.organisation.pk, "epoch": lease.organisation.epoch}
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": ids, **held, **columns})
        if not cursor.rowcount:
            raise LeaseLost
