"""Writing of a transaction's rows: into the ledger, the ids of retries, and the spent charges."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

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
    """The rows that one transaction writes beside the canvas row; at most one SpentRow an actor.

    All of its placements have one `placed_at`, and all of its retries one `at`.
    """

    rows: Sequence[Row]
    retries: Sequence[RetryRow] = ()
    spent: Sequence[SpentRow] = ()


class Write(NamedTuple):
    """Rows that a transaction adds to one locked canvas, and its clock from then on.

    `newest` is the time of the newest placement before them; None where there is none.
    """

    canvas: Canvas
    additions: Additions
    clock: CanvasClock
    newest: datetime | None = None


def write(writes: Sequence[Write], commit: str = "") -> None:
    """Write rows whose seqs follow those of their canvases, and where seqs and clocks are now.

    By one statement, sent together with `commit`; on SQLite, where none costs a round trip, by
    several a canvas. Raise IntegrityError for an id that is there already.
    """
    for canvas, additions, clock, _newest in writes:
        canvas.seq += len(additions.rows)
        canvas.clock, canvas.clock_source = clock
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            batches = [_batch(canvas, additions) for canvas, additions, *_ in writes]
            cursor.execute(WRITE + commit, {"batches": orjson.dumps(batches).decode()})
        return
    for canvas, additions, *_ in writes:
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


# One statement for all canvases. JSON costs Python less than an array a column, and the database no
# more.
WRITE = """
WITH batch AS (
    SELECT * FROM json_to_recordset(%(batches)s) AS batch (
        canvas bigint, seq bigint, clock timestamptz, clock_source timestamptz,
        placed_at timestamptz, retried_at timestamptz, rows json, retries json, spent json
    )
),
placed AS (
    INSERT INTO canvas_placement
    (canvas_id, seq, x, y, color, actor, username, placed_at, restores, program)
    SELECT batch.canvas, row.seq, x, y, color, actor, username, batch.placed_at, restores, program
    FROM batch CROSS JOIN LATERAL json_to_recordset(batch.rows) AS row (
        seq bigint, x smallint, y smallint, color smallint, actor text, username text,
        restores bigint, program boolean
    )
),
retried AS (
    INSERT INTO canvas_retry (canvas_id, actor, client_id, seq, at)
    SELECT batch.canvas, actor, client_id, retry.seq, batch.retried_at
    FROM batch CROSS JOIN LATERAL json_to_recordset(batch.retries) AS retry (
        actor text, client_id text, seq bigint
    )
),
charged AS (
    INSERT INTO canvas_spentcharges (canvas_id, actor, charges, at)
    SELECT batch.canvas, actor, charges, at
    FROM batch CROSS JOIN LATERAL json_to_recordset(batch.spent) AS person (
        actor text, charges float, at timestamptz
    )
    ON CONFLICT (canvas_id, actor) DO UPDATE SET charges = EXCLUDED.charges, at = EXCLUDED.at
)
UPDATE canvas_canvas
SET seq = batch.seq, clock = batch.clock, clock_source = batch.clock_source
FROM batch WHERE canvas_canvas.id = batch.canvas
"""

_Columns = dict[str, object]


def _batch(canvas: Canvas, additions: Additions) -> _Columns:
    """Return what WRITE takes for a canvas: what its rows have alike, and what each has alone."""
    rows, retries, spent = additions
    return {
        "canvas": canvas.pk,
        "seq": canvas.seq,
        "clock": canvas.clock,
        "clock_source": canvas.clock_source,
        "placed_at": rows[0].placed_at if rows else None,
        "retried_at": retries[0].at if retries else None,
        "rows": [_own_columns(row) for row in rows],
        "retries": [
            {"actor": row.actor, "client_id": row.client_id, "seq": row.seq} for row in retries
        ],
        "spent": [{"actor": row.actor, "charges": row.charges, "at": row.at} for row in spent],
    }


def _own_columns(row: Row) -> _Columns:
    """Return the columns that the rows of a transaction do not have alike.

    Spelled out, since `_asdict` takes twice as long, and there may be 400 of them.
    """
    return {
        "seq": row.seq,
        "x": row.x,
        "y": row.y,
        "color": row.color,
        "actor": row.actor,
        "username": row.username,
        "restores": row.restores,
        "program": row.program,
    }
