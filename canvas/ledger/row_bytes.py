"""The rows of a stretch of the ledger as bytes, which PostgreSQL makes: one value for all of them.

To make Python objects of each row takes five times as long.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg
from django.db import connection

from canvas.domain.rules import CanvasMeta
from canvas.ledger.segment_format import BY_MODERATION, BY_PROGRAM

FIELDS = [("microseconds", ">i8"), ("x", ">i2"), ("y", ">i2"), ("color", ">i2"), ("flags", ">i2")]
MODERATION = "operation:"  # begins the actor of what moderation drew

BYTES = """
SELECT string_agg(
    int8send((EXTRACT(EPOCH FROM placed_at) * 1000000)::bigint)
    || int2send(x) || int2send(y) || int2send(color)
    || int2send((starts_with(actor, %(moderation)s)::int * {BY_MODERATION}
        | program::int * {BY_PROGRAM})::smallint)
    {more}, ''::bytea ORDER BY seq)
FROM canvas_placement WHERE canvas_id = %(canvas)s AND seq > %(since)s AND seq <= %(until)s
"""


def read(
    meta: CanvasMeta,
    since: int,
    until: int,
    more: str = "",
    width: int = 0,
    parameters: Mapping[str, Any] | None = None,
) -> npt.NDArray[Any]:
    """Return the rows after `since` up to `until` in the order of their seqs, with FIELDS.

    `more` is an expression of `width` bytes a row, which come as the field `more`.
    """
    fields: list[Any] = [*FIELDS, ("more", "u1", width)] if width else [*FIELDS]
    expression = f"|| {more}" if more else ""
    statement = BYTES.format(BY_MODERATION=BY_MODERATION, BY_PROGRAM=BY_PROGRAM, more=expression)
    values = {"canvas": meta.id, "since": since, "until": until, "moderation": MODERATION}
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:  # Django's has no binary answers
        cursor.execute(statement.encode(), {**values, **(parameters or {})}, binary=True)
        (packed,) = cursor.fetchone() or (None,)
    return np.frombuffer(packed or b"", np.dtype(fields))


def milliseconds(found: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return the times of rows in ms since 1970, rounded as `reads.milliseconds` does."""
    rounded: npt.NDArray[np.int64] = np.rint(found["microseconds"] / 10**6 * 1000).astype(np.int64)
    return rounded
