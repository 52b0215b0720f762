"""The rows of a stretch of the ledger as bytes, which PostgreSQL makes: one value for all of them.

To make Python objects of each row takes five times as long.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg
from django.db import connection

from accounts.names import DELETED
from canvas.domain.rules import CanvasMeta
from canvas.ledger.segment_format import BY_MODERATION, BY_PROGRAM

FIELDS = [("microseconds", ">i8"), ("x", ">i2"), ("y", ">i2"), ("color", ">i2"), ("flags", ">i2")]
MODERATION = "operation:"  # begins the actor of what moderation drew
DATABASE_EPOCH = 946_684_800_000  # ms from 1970 to 2000, where PostgreSQL's times begin

# The rows are put in order once, beneath both aggregates: each of them would sort for itself. With
# a LIMIT no worker aggregates a part of them, in which PostgreSQL 16 and later keep no order.
BYTES = """
SELECT string_agg(
    timestamptz_send(placed_at) || int2send(x) || int2send(y) || int2send(color)
    || int2send((CASE WHEN starts_with(actor, %(moderation)s) THEN {BY_MODERATION} ELSE 0 END
        + CASE WHEN program THEN {BY_PROGRAM} ELSE 0 END)::smallint),
    ''::bytea) {more}
FROM (
    SELECT placed_at, x, y, color, actor, program, username FROM canvas_placement
    WHERE canvas_id = %(canvas)s AND seq > %(since)s AND seq <= %(until)s ORDER BY seq
    LIMIT %(until)s - %(since)s
) AS placement
"""
ACTORS = ", array_agg(CASE WHEN username = %(deleted)s THEN '' ELSE actor END)"


def read(meta: CanvasMeta, since: int, until: int) -> npt.NDArray[Any]:
    """Return the rows after `since` up to `until` in the order of their seqs, with FIELDS."""
    (packed,) = _select(meta, since, until, "")
    return np.frombuffer(packed or b"", np.dtype(FIELDS))


def read_with_actors(
    meta: CanvasMeta, since: int, until: int
) -> tuple[npt.NDArray[Any], list[str]]:
    """Return the rows likewise, and the actor of each: "" for those who have deleted their
    account.
    """
    packed, actors = _select(meta, since, until, ACTORS)
    return np.frombuffer(packed or b"", np.dtype(FIELDS)), actors or []


def _select(meta: CanvasMeta, since: int, until: int, more: str) -> tuple[Any, ...]:
    statement = BYTES.format(BY_MODERATION=BY_MODERATION, BY_PROGRAM=BY_PROGRAM, more=more)
    values = {"canvas": meta.id, "since": since, "until": until}
    names = {"moderation": MODERATION, "deleted": DELETED}
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:  # Django's has no binary answers
        cursor.execute(statement.encode(), values | names, binary=True)
        return cursor.fetchone() or ()


def milliseconds(found: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return the times of rows in ms since 1970, rounded as `reads.milliseconds` does."""
    microseconds = found["microseconds"].astype(np.int64) + DATABASE_EPOCH * 1000
    rounded: npt.NDArray[np.int64] = np.rint(microseconds / 10**6 * 1000).astype(np.int64)
    return rounded
