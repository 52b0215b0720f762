"""What an operation draws: which cells, in which order, a page at a time.

A plan is asked under the canvas lock, so that it sees the newest pixel of each cell; nothing
that it needs grows with the number of placements.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import In

from canvas.domain.area import Area
from canvas.domain.board import Board
from canvas.domain.rules import MAX_SIDE, CanvasMeta
from canvas.ledger import fold, revisions, tips
from canvas.models import Placement
from canvas.services import Cell
from moderation.models import MODERATION

EVERYWHERE = Area(0, 0, MAX_SIDE, MAX_SIDE)
AHEAD = 250_000  # seqs read at once: 2 MB
ENOUGH = 2000  # of them left, for any page
MAX_SEQ = 2**53  # what a page of the admin can hold exactly


class Page(NamedTuple):
    """The next cells to draw, where to go on after them, and how much was looked at."""

    cells: list[Cell]
    position: int
    looked_at: int
    is_last: bool


class Plan(Protocol):
    def prepare(self, meta: CanvasMeta, seq: int, position: int) -> None:
        """Read ahead what takes long, before the canvas is locked for `page`."""

    def page(self, meta: CanvasMeta, seq: int, position: int, limit: int) -> Page:
        """At most `limit` cells that follow `position`, for a ledger that ends at `seq`."""

    def size(self, meta: CanvasMeta) -> int:
        """How much there is to look at, about."""

    def task(self) -> dict[str, Any]:
        """The plan as JSON."""


class Restoration:
    """Gives cells back to whoever drew there, apart from the selection.

    Selected are the placements of `people` (None: of everyone) in the area with seqs above
    `after` and up to `until`, and those that brought one of them back. A cell whose newest
    placement is not selected stays as it is; else the newest that is not selected comes back,
    or the background.
    """

    def __init__(self, people: tuple[str, ...] | None, area: Area, after: int, until: int) -> None:
        self.people = people
        self.area = area
        self.after = after
        self.until = until
        self._ahead = array("q")  # seqs of the selection, in order
        self._read_from = MAX_SEQ  # they follow this one
        self._read_for = (0, 0)  # the size of the board at that time
        self._is_rest = False

    def prepare(self, meta: CanvasMeta, seq: int, position: int) -> None:
        """The selection is of rows that never change: what was read stays right.

        Not read a page at a time: where PostgreSQL knows little of the people yet, as of an
        operation that has just ended, it reads all that is theirs, and sorts, each time.
        """
        size = (meta.width, meta.height)
        left = len(self._ahead) - bisect_right(self._ahead, position)
        has_enough = self._is_rest or left >= ENOUGH
        if has_enough and self._read_from <= position and self._read_for == size:
            return
        rest = self.selected(meta).filter(seq__gt=position).order_by("seq")
        self._ahead = array("q", rest.values_list("seq", flat=True)[:AHEAD])
        self._read_from, self._read_for = position, size
        self._is_rest = len(self._ahead) < AHEAD

    def page(self, meta: CanvasMeta, seq: int, position: int, limit: int) -> Page:
        self.prepare(meta, seq, position)
        start = bisect_right(self._ahead, position)
        seqs = self._ahead[start : start + limit].tolist()
        return Page(
            cells=_restored(meta, self._lost(meta, seqs)),
            position=seqs[-1] if seqs else position,
            looked_at=len(seqs),
            is_last=self._is_rest and start + limit >= len(self._ahead),
        )

    def _lost(self, meta: CanvasMeta, seqs: list[int]) -> dict[tuple[int, int], int | None]:
        """The cells of these placements whose newest one goes, and the seq of what comes back."""
        on_cell = Placement.objects.filter(
            _is_not_cut_off(meta), canvas_id=meta.id, x=OuterRef("x"), y=OuterRef("y")
        ).order_by("-seq")
        kept = on_cell.filter(self._is_kept(meta))
        rows = (
            _of(meta, seqs)
            .annotate(newest=Subquery(on_cell.values("seq")[:1]))
            .annotate(kept=Subquery(kept.values("seq")[:1]))
            .values_list("x", "y", "newest", "kept")
        )
        return {(x, y): kept for x, y, newest, kept in rows if newest != kept}

    def size(self, meta: CanvasMeta) -> int:
        return self.selected(meta).count()

    def task(self) -> dict[str, Any]:
        return {
            "kind": "restore",
            "people": self.people,
            "area": self.area,
            "after": self.after,
            "until": self.until,
        }

    def selected(self, meta: CanvasMeta) -> QuerySet[Placement]:
        """The placements themselves, without those that brought one back."""
        area = self.area.within(meta.width, meta.height)
        rows = Placement.objects.filter(
            self._is_named(),
            canvas_id=meta.id,
            x__gte=area.x,
            x__lt=area.right,
            y__gte=area.y,
            y__lt=area.bottom,
        )
        return rows.order_by()

    def _is_named(self) -> Q:
        named = Q(seq__gt=self.after, seq__lte=self.until)
        return named if self.people is None else named & Q(actor__in=self.people)

    def _is_kept(self, meta: CanvasMeta) -> Q:
        brings_back = Q(restores__gt=self.after, restores__lte=self.until)
        if self.people is not None:
            first = Placement.objects.filter(canvas_id=meta.id, seq=OuterRef("restores"))
            # Not by Exists: PostgreSQL may hash all that the people ever drew, for each chunk.
            brings_back &= Q(In(Subquery(first.values("actor")[:1]), self.people))
        return ~self._is_named() & (Q(restores=None) | ~brings_back)


class Fill:
    """Gives every cell of an area one colour; with `only`, those that have that other colour."""

    def __init__(self, area: Area, color: int, only: int | None = None) -> None:
        self.area = area
        self.color = color
        self.only = only
        self._board: Board | None = None
        self._epoch = 0  # of that board: another size makes another

    def prepare(self, meta: CanvasMeta, seq: int, position: int) -> None:
        self._board_at(meta, seq)

    def page(self, meta: CanvasMeta, seq: int, position: int, limit: int) -> Page:
        """A position is a cell: its row times MAX_SIDE, and its column."""
        cells: list[Cell] = []
        looked_at = 0
        for x, y, row in self._rows(self._board_at(meta, seq), meta, position):
            for column, color in enumerate(row, x):
                if self._covers(color):
                    if len(cells) == limit:
                        return Page(cells, y * MAX_SIDE + column, looked_at, is_last=False)
                    cells.append(Cell(column, y, self.color, MODERATION))
                looked_at += 1
        return Page(cells, position, looked_at, is_last=True)

    def size(self, meta: CanvasMeta) -> int:
        area = self.area.within(meta.width, meta.height)
        return area.width * area.height

    def task(self) -> dict[str, Any]:
        return {"kind": "fill", "area": self.area, "color": self.color, "only": self.only}

    def _covers(self, color: int) -> bool:
        return color != self.color if self.only is None else color == self.only

    def _rows(
        self, current: Board, meta: CanvasMeta, position: int
    ) -> Iterator[tuple[int, int, bytearray]]:
        """Column, row and colours of each row of the area, from a position on."""
        area = self.area.within(meta.width, meta.height)
        first_row, column = divmod(position, MAX_SIDE)
        for y in range(max(area.y, first_row), area.bottom):
            x = max(area.x, column if y == first_row else 0)
            yield x, y, current.cells[y * meta.width + x : y * meta.width + area.right]

    def _board_at(self, meta: CanvasMeta, seq: int) -> Board:
        """Read once, and from then on only what has been placed meanwhile."""
        current = self._board
        if current is None or self._epoch != meta.epoch:
            current, self._epoch = tips.load(meta, seq), meta.epoch
            self._board = current
        for columns in fold.pages(meta, current.seq, seq):
            current.draw(columns)
        return current


def plan_of(task: Mapping[str, Any]) -> Plan:
    """The plan that `Plan.task` wrote down."""
    area = Area(*task["area"])
    if task["kind"] == "fill":
        return Fill(area, task["color"], task["only"])
    people = None if task["people"] is None else tuple(task["people"])
    return Restoration(people, area, task["after"], task["until"])


def _is_not_cut_off(meta: CanvasMeta) -> Q:
    """True of placements that no resize has taken away; what was cut off is background now."""
    left = Q()
    for cut in revisions.cuts(meta):
        left &= Q(seq__gt=cut.seq) | Q(x__lt=cut.width, y__lt=cut.height)
    return left


def _restored(meta: CanvasMeta, lost: Mapping[tuple[int, int], int | None]) -> list[Cell]:
    """Each cell as the placement with that seq left it; None: as nobody had drawn there."""
    seqs = [seq for seq in lost.values() if seq is not None]
    rows = _of(meta, seqs).values_list("seq", "color", "username", "restores")
    kept = {row[0]: row for row in rows}
    cells = []
    for (x, y), seq in lost.items():
        if seq is None:
            cells.append(Cell(x, y, 0, MODERATION))
        else:
            _seq, color, username, restores = kept[seq]
            cells.append(Cell(x, y, color, username, restores or seq))
    return cells


def _of(meta: CanvasMeta, seqs: Sequence[int]) -> QuerySet[Placement]:
    """The placements with these seqs. The range says nothing new, but to PostgreSQL: without it,
    and without statistics, it prefers to read all there is of the canvas.
    """
    first, last = min(seqs, default=0), max(seqs, default=0)
    rows = Placement.objects.filter(canvas_id=meta.id, seq__range=(first, last), seq__in=seqs)
    return rows.order_by()
