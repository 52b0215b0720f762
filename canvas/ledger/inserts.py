"""Writing of a transaction's rows: into the ledger, the ids of retries, and the spent charges."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db import connection

from canvas.domain.clock import CanvasClock
from canvas.models import Canvas, Placement, Retry, SpentCharges


class Row(NamedTuple):
    """A placement that is not in the ledger yet: its columns, without the id.

    Making one costs a tenth of a model.
    """

    canvas_id: int
    seq: int
    x: int
    y: int
    color: int
    actor: str
    username: str
    placed_at: datetime
    restores: int | None = None
    program: bool = False


class RetryRow(NamedTuple):
    """A client's id that is not in the table of retries yet: its columns, without the id."""

    canvas_id: int
    actor: str
    client_id: str
    seq: int
    at: datetime


class SpentRow(NamedTuple):
    """The charges of a person from now on, in place of those that are stored."""

    canvas_id: int
    actor: str
    charges: float
    at: datetime


class Additions(NamedTuple):
    """The rows that one transaction writes beside the canvas row; at most one SpentRow an actor."""

    rows: Sequence[Row]
    retries: Sequence[RetryRow] = ()
    spent: Sequence[SpentRow] = ()


def write(canvas: Canvas, additions: Additions, clock: CanvasClock, commit: str = "") -> None:
    """Write rows whose seqs follow that of a locked canvas, and where its seq and clock are now.

    By one statement, sent together with `commit`; on SQLite, where none costs a round trip, by
    several. Raise IntegrityError for an id that is there already.
    """
    canvas.seq += len(additions.rows)
    canvas.clock, canvas.clock_source = clock
    if connection.vendor == "postgresql":
        _write_at_once(canvas, additions, commit)
    else:
        _write_each(canvas, additions)


def _write_each(canvas: Canvas, additions: Additions) -> None:
    Placement.objects.bulk_create([Placement(**row._asdict()) for row in additions.rows])
    Retry.objects.bulk_create([Retry(**row._asdict()) for row in additions.retries])
    SpentCharges.objects.bulk_create(
        [SpentCharges(**row._asdict()) for row in additions.spent],
        update_conflicts=True,
        unique_fields=["canvas_id", "actor"],
        update_fields=["charges", "at"],
    )
    canvas.save(update_fields=["seq", "clock", "clock_source"])


# JSON costs Python less than an array a column, and the database no more.
WRITE = """
WITH placed AS (
    INSERT INTO canvas_placement
    (canvas_id, seq, x, y, color, actor, username, placed_at, restores, program)
    SELECT canvas_id, seq, x, y, color, actor, username, placed_at, restores, program
    FROM json_to_recordset(%(rows)s) AS row (
        canvas_id bigint, seq bigint, x smallint, y smallint, color smallint, actor text,
        username text, placed_at timestamptz, restores bigint, program boolean
    )
),
retried AS (
    INSERT INTO canvas_retry (canvas_id, actor, client_id, seq, at)
    SELECT canvas_id, actor, client_id, seq, at
    FROM json_to_recordset(%(retries)s) AS row (
        canvas_id bigint, actor text, client_id text, seq bigint, at timestamptz
    )
),
charged AS (
    INSERT INTO canvas_spentcharges (canvas_id, actor, charges, at)
    SELECT canvas_id, actor, charges, at
    FROM json_to_recordset(%(spent)s) AS row (
        canvas_id bigint, actor text, charges float, at timestamptz
    )
    ON CONFLICT (canvas_id, actor) DO UPDATE SET charges = EXCLUDED.charges, at = EXCLUDED.at
)
UPDATE canvas_canvas SET seq = %(seq)s, clock = %(clock)s, clock_source = %(clock_source)s
WHERE id = %(canvas)s
"""


def _write_at_once(canvas: Canvas, additions: Additions, commit: str) -> None:
    parameters: dict[str, Any] = {
        "rows": _json(additions.rows),
        "retries": _json(additions.retries),
        "spent": _json(additions.spent),
        "seq": canvas.seq,
        "clock": canvas.clock,
        "clock_source": canvas.clock_source,
        "canvas": canvas.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(WRITE + commit, parameters)


def _json(rows: Sequence[Row] | Sequence[RetryRow] | Sequence[SpentRow]) -> str:
    return orjson.dumps([row._asdict() for row in rows]).decode()
