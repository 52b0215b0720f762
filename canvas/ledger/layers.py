"""The newest placements on each cell of a small area: what shows, and what lies beneath."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from canvas.domain.area import Area
from canvas.domain.rules import CanvasMeta
from canvas.ledger import revisions
from canvas.models import Placement

# By the index of each cell: without the join PostgreSQL would read all that was ever drawn there.
LATERAL = """
SELECT newest.x, newest.y, newest.seq, newest.color, newest.actor, newest.username,
       newest.placed_at, newest.restores
FROM generate_series(%s, %s) AS across(x)
CROSS JOIN generate_series(%s, %s) AS down(y)
CROSS JOIN LATERAL (
    SELECT * FROM canvas_placement
    WHERE canvas_id = %s AND x = across.x AND y = down.y AND seq <= %s
    ORDER BY seq DESC LIMIT %s
) AS newest
"""


class Layer(NamedTuple):
    """A placement; `actor` is the person who drew it first where moderation brought it back."""

    x: int
    y: int
    seq: int
    color: int
    actor: str
    username: str
    placed_at: datetime
    restores: int | None


def layers(meta: CanvasMeta, area: Area, seq: int, depth: int) -> list[Layer]:
    """Return at most `depth` placements up to `seq` on each cell of an area, the newest first.

    `meta` are the rules at that seq. What a resize had cut off by then is left out.
    """
    rows = [Layer(*row) for row in _rows(meta, area, seq, depth)]
    cuts = revisions.cuts(meta)
    kept = [row for row in rows if not any(_is_beyond(row, cut) for cut in cuts)]
    authors = _actors(meta, [row.restores for row in kept if row.restores])
    owned = [row._replace(actor=authors.get(row.restores or 0, row.actor)) for row in kept]
    return sorted(owned, key=lambda row: -row.seq)


def _rows(meta: CanvasMeta, area: Area, seq: int, depth: int) -> Sequence[tuple[Any, ...]]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            across, down = (area.x, area.right - 1), (area.y, area.bottom - 1)
            cursor.execute(LATERAL, [*across, *down, meta.id, seq, depth])
            return list(cursor.fetchall())
    rank = Window(RowNumber(), partition_by=[F("x"), F("y")], order_by=F("seq").desc())
    rows = Placement.objects.filter(
        canvas_id=meta.id,
        seq__lte=seq,
        x__range=(area.x, area.right - 1),
        y__range=(area.y, area.bottom - 1),
    )
    ranked = rows.annotate(rank=rank).filter(rank__lte=depth)
    return list(ranked.order_by().values_list(*Layer._fields))


def _is_beyond(row: Layer, cut: revisions.Change) -> bool:
    return row.seq <= cut.seq and (row.x >= cut.width or row.y >= cut.height)


def _actors(meta: CanvasMeta, seqs: Sequence[int]) -> dict[int, str]:
    """Return the actor of each of these placements, by seq."""
    rows = Placement.objects.filter(canvas_id=meta.id, seq__in=set(seqs))
    return dict(rows.values_list("seq", "actor"))
