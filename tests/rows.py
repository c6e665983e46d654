"""What lies in the database, column by column: who keeps what of whom."""

from collections import defaultdict

from django.db import connection

# Everything that can hold a text; of a binary column what can be read in it.
_COLUMNS = """
    SELECT table_name, column_name, data_type FROM information_schema.columns
    WHERE table_schema = current_schema()
      AND data_type NOT IN ('boolean', 'date', 'bigint', 'integer', 'smallint', 'double precision', 'uuid')
    ORDER BY 1, 2
"""


def columns_with(*texts: str) -> dict[str, set[str]]:
    """Return the columns, as `table.column`, that hold any of the texts, in any case, and which of them."""
    found: dict[str, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        for table, column, kind in cursor.fetchall():
            readable = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            for text in texts:
                query = f'SELECT EXISTS (SELECT FROM "{table}" WHERE strpos(lower({readable}), %s) > 0)'
                cursor.execute(query, [text.lower()])
                if cursor.fetchone()[0]:
                    found[f"{table}.{column}"].add(text)
    return dict(found)
