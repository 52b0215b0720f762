"""Rows of a table that PostgreSQL reads: a cost that a busy machine does not change."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

READ = """
SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables
WHERE relname = %s
"""


class RowsRead:
    """The rows of a table that were read while it was counted."""

    def __init__(self) -> None:
        self.count = 0


@contextmanager
def rows_read(table: str = "canvas_placement") -> Iterator[RowsRead]:
    """Count the rows of a table that this connection reads, in one transaction."""
    found = RowsRead()
    with transaction.atomic():
        before = _read(table)
        yield found
        found.count = _read(table) - before


def _read(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(READ, [table])
        row = cursor.fetchone()
    return int(row[0]) if row else 0
