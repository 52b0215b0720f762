"""New rows of the ledger, many at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from canvas.models import Placement


class Row(NamedTuple):
    """A placement that the ledger does not have yet: its columns, without the id.

    A tenth of what a model costs to make, and just what COPY takes.
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


COLUMNS = ", ".join(
    f'"{Placement._meta.get_field(field).column}"'  # type: ignore[union-attr]
    for field in Row._fields
)
COPY = f'COPY "{Placement._meta.db_table}" ({COLUMNS}) FROM STDIN'


def insert(rows: Sequence[Row]) -> None:
    """What bulk_create does, in two fifths of its time where the database has COPY."""
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
