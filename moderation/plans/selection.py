"""The placements that a restoration takes back, and what lies on cells below them."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery

from canvas.domain.area import Area
from canvas.domain.rules import CanvasMeta
from canvas.models import Placement

MAX_CELLS = 20_000  # of an area that is looked at cell by cell

# Whether a row is selected, by the parameters of a selection: PostgreSQL's form of `named`.
MATCHES = """
canvas_id = %(canvas)s AND seq > %(after)s AND seq <= %(until)s
AND x >= %(x)s AND x < %(right)s AND y >= %(y)s AND y < %(bottom)s
AND (%(people)s::text[] IS NULL OR actor = ANY(%(people)s))
"""


class Below(NamedTuple):
    """A cell, and the seqs between which it is looked at: both are left out."""

    x: int
    y: int
    floor: int
    before: int


class Drawn(NamedTuple):
    """A placement on a cell; `owner` is the actor of the one that it brought back, if any."""

    x: int
    y: int
    seq: int
    actor: str
    restores: int | None
    owner: str | None

    @property
    def cell(self) -> tuple[int, int]:
        return self.x, self.y


class Selection(NamedTuple):
    """The placements of `people` (None: of everyone) in the area with seqs above `after` and up to
    `until`, and the placements that brought one of them back.
    """

    people: tuple[str, ...] | None
    area: Area
    after: int
    until: int

    @classmethod
    def from_task(cls, task: Mapping[str, Any]) -> Self:
        """Read the task of a restoration."""
        people = None if task["people"] is None else tuple(task["people"])
        return cls(people, Area(*task["area"]), task["after"], task["until"])

    def named(self, meta: CanvasMeta) -> QuerySet[Placement]:
        """Select the placements, without those that brought one of them back."""
        area = self.area.within(meta.width, meta.height)
        columns, rows = Q(x__gte=area.x, x__lt=area.right), Q(y__gte=area.y, y__lt=area.bottom)
        named = Q(seq__gt=self.after, seq__lte=self.until)
        if self.people is not None:
            named &= Q(actor__in=self.people)
        return Placement.objects.filter(named, columns, rows, canvas_id=meta.id).order_by()

    def parameters(self, meta: CanvasMeta) -> dict[str, Any]:
        """Return the parameters of MATCHES."""
        area = self.area.within(meta.width, meta.height)
        return {
            "canvas": meta.id,
            "after": self.after,
            "until": self.until,
            "people": None if self.people is None else list(self.people),
            "x": area.x,
            "y": area.y,
            "right": area.right,
            "bottom": area.bottom,
        }

    def depth(self, meta: CanvasMeta, rows: int) -> int:
        """Return how many rows of each cell to read, so that `rows` are read in all.

        0 where there are too many cells to be looked at one by one.
        """
        area = self.area.within(meta.width, meta.height)
        cells = area.width * area.height
        return rows // cells if 0 < cells <= MAX_CELLS else 0

    def holds(self, drawn: Drawn) -> bool:
        """Tell whether a placement in the area is selected."""
        if self._is_of_time(drawn.seq) and self._is_of_people(drawn.actor):
            return True
        restores = drawn.restores
        return (
            restores is not None and self._is_of_time(restores) and self._is_of_people(drawn.owner)
        )

    def _is_of_time(self, seq: int) -> bool:
        return self.after < seq <= self.until

    def _is_of_people(self, actor: str | None) -> bool:
        return self.people is None or actor in self.people


def since(meta: CanvasMeta, seq: int, until: int) -> list[Drawn]:
    """Return all that was drawn after `seq` and up to `until`, in order."""
    rows = Placement.objects.filter(canvas_id=meta.id, seq__gt=seq, seq__lte=until)
    return _drawn(meta, rows.order_by("seq"))


# One index scan a cell that ends after so many rows, independent of the statistics.
NEWEST = """
SELECT cell.x, cell.y, row.seq, row.actor, row.restores, (
    SELECT actor FROM canvas_placement AS first
    WHERE first.canvas_id = %(canvas)s
    AND first.seq >= row.restores AND first.seq <= row.restores ORDER BY first.seq LIMIT 1
)
FROM unnest(%(xs)s::int[], %(ys)s::int[], %(floors)s::bigint[], %(befores)s::bigint[])
    WITH ORDINALITY AS cell (x, y, floor, before, number)
CROSS JOIN LATERAL (
    SELECT seq, actor, restores FROM canvas_placement
    WHERE canvas_id = %(canvas)s AND x = cell.x AND y = cell.y
    AND seq > cell.floor AND seq < cell.before
    ORDER BY seq DESC LIMIT %(depth)s
) AS row
ORDER BY cell.number, row.seq DESC
"""


def newest(meta: CanvasMeta, cells: Sequence[Below], depth: int) -> list[Drawn]:
    """Return the newest placements on each cell, at most `depth` of each, the newest first."""
    if connection.vendor != "postgresql":
        return [drawn for cell in cells for drawn in _newest_of(meta, cell, depth)]
    xs, ys, floors, befores = map(list, zip(*cells, strict=True)) if cells else ([], [], [], [])
    parameters: dict[str, Any] = {
        "canvas": meta.id,
        "xs": xs,
        "ys": ys,
        "floors": floors,
        "befores": befores,
        "depth": depth,
    }
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, parameters)
        return [Drawn(*row) for row in cursor.fetchall()]


def _newest_of(meta: CanvasMeta, cell: Below, depth: int) -> list[Drawn]:
    rows = Placement.objects.filter(canvas_id=meta.id, x=cell.x, y=cell.y)
    between = rows.filter(seq__gt=cell.floor, seq__lt=cell.before)
    return _drawn(meta, between.order_by("-seq")[:depth])


def _drawn(meta: CanvasMeta, rows: QuerySet[Placement]) -> list[Drawn]:
    first = Placement.objects.filter(
        canvas_id=meta.id, seq__gte=OuterRef("restores"), seq__lte=OuterRef("restores")
    )
    owned = rows.annotate(owner=Subquery(first.order_by("seq").values("actor")[:1]))
    fields = owned.values_list("x", "y", "seq", "actor", "restores", "owner")
    return [Drawn(*row) for row in fields]
