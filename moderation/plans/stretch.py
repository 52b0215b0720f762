"""A stretch of a selection: its placements from one seq to another, in order.

A selection may be sparse in a large ledger. So one of three ways is taken, each by an index that
ends after so many rows: all rows of the named people, the oldest on each cell, or the rows of the
canvas that follow, selected or not. On SQLite, which is for one's own machine, always the last.
"""

from array import array
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection

from canvas.domain.rules import MAX_SIDE, CanvasMeta
from canvas.ledger import reads
from moderation.plans.selection import MATCHES, Selection

SIZE = 250_000  # rows that one of an operation reads: 3 MB

Row = tuple[int, int, int]  # seq, x, y


class Stretch(NamedTuple):
    """Seqs and cells of the selected placements up to `until`, which all are here."""

    seqs: "array[int]"
    cells: "array[int]"  # a row times MAX_SIDE, plus a column
    until: int
    is_last: bool


# The order and the bound say by which index, even where PostgreSQL has no statistics.
ARE_FEW = """
SELECT count(*) <= %(size)s FROM (
    SELECT 1 FROM canvas_placement WHERE actor = ANY(%(people)s) LIMIT %(size)s + 1
) AS row
"""
OF_PEOPLE = "SELECT * FROM canvas_placement WHERE actor = ANY(%(people)s) OFFSET 0"
OF_CELLS = """
SELECT oldest.* FROM generate_series(%(x)s, %(right)s - 1) AS across (x)
CROSS JOIN generate_series(%(y)s, %(bottom)s - 1) AS down (y)
CROSS JOIN LATERAL (
    SELECT * FROM canvas_placement
    WHERE canvas_id = %(canvas)s AND x = across.x AND y = down.y
    AND seq > %(after)s AND seq <= %(until)s ORDER BY seq LIMIT %(depth)s
) AS oldest
"""
CUT_AT = f"""
SELECT min(seq) FROM (
    SELECT max(seq) AS seq FROM ({OF_CELLS}) AS row GROUP BY x, y HAVING count(*) = %(depth)s
) AS cut
"""  # noqa: S608 - made of constants
FOLLOWING = """
SELECT * FROM canvas_placement
WHERE canvas_id = %(canvas)s AND seq > %(after)s AND seq <= %(until)s
ORDER BY seq LIMIT %(size)s
"""
SELECTED = f"SELECT seq, x, y FROM ({{rows}}) AS row WHERE {MATCHES} ORDER BY seq"  # noqa: S608


def read(chosen: Selection, meta: CanvasMeta, position: int, size: int) -> Stretch:
    """Read the stretch of about `size` rows that follows a position, or all that is left."""
    end = min(chosen.until, reads.head(meta.slug).seq)
    start = max(position, chosen.after)
    if connection.vendor != "postgresql":
        until = min(end, start + size)
        named = chosen.named(meta).filter(seq__gt=start, seq__lte=until).order_by("seq")
        return _stretch(named.values_list("seq", "x", "y"), until, end)
    parameters = {
        **chosen._replace(after=start, until=end).parameters(meta),
        "size": size,
        "depth": chosen.depth(meta, size),
    }
    rows, parameters["until"] = _longest(parameters)
    with connection.cursor() as cursor:
        cursor.execute(SELECTED.format(rows=rows), parameters)
        return _stretch(cursor.fetchall(), parameters["until"], end)


def _longest(parameters: dict[str, Any]) -> tuple[str, int]:
    """Return the query that reads the longest stretch, and the seq up to which it reads all."""
    end: int = parameters["until"]
    if parameters["people"] is not None and _ask(ARE_FEW, parameters):
        return OF_PEOPLE, end
    following = min(end, parameters["after"] + parameters["size"])
    if following < end and parameters["depth"]:
        until: int = _ask(CUT_AT, parameters) or end
        if until > following:
            return OF_CELLS, until
    return FOLLOWING, following


def _ask(query: str, parameters: dict[str, Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        (answer,) = cursor.fetchone()
    return answer


def _stretch(rows: Iterable[Row], until: int, end: int) -> Stretch:
    seqs, cells = array("q"), array("I")
    for seq, x, y in rows:
        seqs.append(seq)
        cells.append(y * MAX_SIDE + x)
    return Stretch(seqs, cells, until, is_last=until >= end)
