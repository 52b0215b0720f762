"""A tally of a selection by person, of as many placements as one answer may look at.

A selection may be the whole of a ledger. So one of three ways is taken, each by an index that ends
after so many rows: the newest of the canvas, those of the named people, or the newest on each cell.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, Max

from canvas.domain.rules import CanvasMeta
from canvas.ledger.row_bytes import MODERATION
from moderation.plans.selection import MATCHES, Selection

MAX_LOOKED = 150_000  # placements that one tally looks at, where they follow each other
MAX_SCATTERED = 6_000  # those of people or cells: in a large ledger each is on another page
MAX_SHARES = 100  # people listed: those with the most placements


class Share(NamedTuple):
    """A person in a selection; `name` is one of the names shown on the pixels."""

    actor: str
    name: str
    placements: int
    newest: datetime


class Tally(NamedTuple):
    """The people of a selection, the busiest first, and the placements of all of them.

    `bound` says what was looked at where that is not all; empty where it is.
    """

    shares: list[Share]
    placements: int
    bound: str


class _Source(NamedTuple):
    """A query for rows of the ledger, another for whether there are more, and how it is told."""

    rows: str
    more: str
    bound: str


COLUMNS = "canvas_id, x, y, seq, actor, username, placed_at"
# The order says by which index, even where PostgreSQL has no statistics of the canvas.
NEWEST = _Source(
    f"""
    SELECT {COLUMNS} FROM canvas_placement
    WHERE canvas_id = %(canvas)s AND seq > %(after)s AND seq <= %(until)s
    ORDER BY seq DESC LIMIT %(looked)s
    """,  # noqa: S608 - made of constants
    "SELECT %(until)s - %(after)s > %(looked)s",
    "the newest {looked:,} placements on the canvas",
)
OF_PEOPLE = _Source(
    f"SELECT {COLUMNS} FROM canvas_placement WHERE actor = ANY(%(people)s) LIMIT %(looked)s",  # noqa: S608
    """
    SELECT count(*) > %(looked)s FROM (
        SELECT 1 FROM canvas_placement WHERE actor = ANY(%(people)s) LIMIT %(looked)s + 1
    ) AS looked
    """,
    "{looked:,} placements of these people",
)
CELLS = """
FROM generate_series(%(x)s, %(right)s - 1) AS across (x)
CROSS JOIN generate_series(%(y)s, %(bottom)s - 1) AS down (y)
CROSS JOIN LATERAL (
    SELECT * FROM canvas_placement
    WHERE canvas_id = %(canvas)s AND x = across.x AND y = down.y
    AND seq > %(after)s AND seq <= %(until)s
    ORDER BY seq DESC LIMIT %(depth)s OFFSET
"""
OF_CELLS = _Source(
    f"SELECT newest.* {CELLS} 0) AS newest",
    f"SELECT EXISTS (SELECT 1 {CELLS} %(depth)s) AS deeper)",
    "the newest {depth:,} placements on each cell",
)
TALLY = f"""
SELECT actor, max(username), count(*), max(placed_at), (sum(count(*)) OVER ())::bigint
FROM ({{rows}}) AS row WHERE {MATCHES} AND actor NOT LIKE %(without)s
GROUP BY actor ORDER BY count(*) DESC, actor LIMIT %(shares)s
"""  # noqa: S608 - made of constants


def tally(
    meta: CanvasMeta,
    chosen: Selection,
    *,
    operations: bool = True,
    scattered: int | None = None,
) -> Tally:
    """Count the placements of a selection by person; also those of moderation, or not.

    Of people or cells it looks at `scattered` placements, by default at MAX_SCATTERED.
    """
    scattered = MAX_SCATTERED if scattered is None else scattered
    without = "" if operations else f"{MODERATION}%"
    if connection.vendor != "postgresql":
        return _tally_all(meta, chosen, without)
    parameters = {
        **chosen.parameters(meta),
        "depth": chosen.depth(meta, scattered),
        "without": without,
        "shares": MAX_SHARES,
    }
    source = _source(chosen, parameters)
    parameters["looked"] = scattered if source is OF_PEOPLE else MAX_LOOKED
    with connection.cursor() as cursor:
        cursor.execute(TALLY.format(rows=source.rows), parameters)
        found = cursor.fetchall()
        cursor.execute(source.more, parameters)
        (is_more,) = cursor.fetchone()
    return Tally(
        [Share(*columns) for *columns, _all in found],
        found[0][-1] if found else 0,
        source.bound.format(**parameters) if is_more else "",
    )


def _tally_all(meta: CanvasMeta, chosen: Selection, without: str) -> Tally:
    """Count on SQLite, which is for one's own machine."""
    rows = chosen.named(meta)
    if without:
        rows = rows.exclude(actor__startswith=without.rstrip("%"))
    people = rows.values("actor").annotate(
        name=Max("username"), placements=Count("id"), newest=Max("placed_at")
    )
    busiest = people.order_by("-placements", "actor").values_list(*Share._fields)
    return Tally([Share(*row) for row in busiest[:MAX_SHARES]], rows.count(), "")


def _source(chosen: Selection, parameters: Mapping[str, Any]) -> _Source:
    """Return the way that reaches the furthest back."""
    if chosen.until - chosen.after <= MAX_LOOKED:
        return NEWEST
    if chosen.people is not None:
        return OF_PEOPLE
    return OF_CELLS if parameters["depth"] else NEWEST
