"""A plan that takes back what some people drew, or everyone in some time."""

from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import In

from canvas.domain.area import Area
from canvas.domain.rules import CanvasMeta
from canvas.ledger import revisions
from canvas.models import Placement
from canvas.services import Cell
from moderation.models import MODERATION
from moderation.plans.plan import MAX_SEQ, Page, Task

PREFETCH = 250_000  # seqs read at once: 2 MB
LOW_WATER = 2000  # prefetched seqs below which more are read; no page takes as many


class RestorationTask(Task):
    people: Sequence[str] | None  # actors; None: everyone
    after: int  # seq
    until: int  # seq


class Restoration:
    """Give cells back to the person who drew there before the selection.

    Selected are the placements of `people` (None: of everyone) in the area with seqs above
    `after` and up to `until`, and the placements that brought one of them back. A cell whose
    newest placement is not selected stays as it is; on the others the newest placement that is
    not selected comes back, or the background.
    """

    kind: ClassVar[str] = "restore"

    def __init__(self, people: tuple[str, ...] | None, area: Area, after: int, until: int) -> None:
        self.people = people
        self.area = area
        self.after = after
        self.until = until
        self._prefetched = array("q")  # seqs of the selection, in order
        self._read_from = MAX_SEQ  # they follow this one
        self._read_for = (0, 0)  # the size of the board at that time
        self._is_rest = False  # no more follow

    @classmethod
    def from_task(cls, task: RestorationTask) -> Self:
        people = None if task["people"] is None else tuple(task["people"])
        return cls(people, Area(*task["area"]), task["after"], task["until"])

    def task(self) -> RestorationTask:
        return {
            "kind": self.kind,
            "people": self.people,
            "area": self.area,
            "after": self.after,
            "until": self.until,
        }

    def size(self, meta: CanvasMeta) -> int:
        return self.selected(meta).count()

    def prepare(self, meta: CanvasMeta, seq: int, position: int) -> None:
        """Prefetch seqs of the selection: its rows never change, so what was read stays right.

        Not read a page at a time: where PostgreSQL has no statistics of the people yet, as of an
        operation that has just ended, it would read and sort all their rows for each page.
        """
        size = (meta.width, meta.height)
        left = len(self._prefetched) - bisect_right(self._prefetched, position)
        has_enough = self._is_rest or left >= LOW_WATER
        if has_enough and self._read_from <= position and self._read_for == size:
            return
        rest = self.selected(meta).filter(seq__gt=position).order_by("seq")
        self._prefetched = array("q", rest.values_list("seq", flat=True)[:PREFETCH])
        self._read_from, self._read_for = position, size
        self._is_rest = len(self._prefetched) < PREFETCH

    def page(self, meta: CanvasMeta, seq: int, position: int, limit: int) -> Page:
        """A position is the seq of the last placement that was looked at."""
        self.prepare(meta, seq, position)
        start = bisect_right(self._prefetched, position)
        seqs = self._prefetched[start : start + limit].tolist()
        return Page(
            cells=_restored(meta, self._lost(meta, seqs)),
            position=seqs[-1] if seqs else position,
            looked_at=len(seqs),
            is_last=self._is_rest and start + limit >= len(self._prefetched),
        )

    def selected(self, meta: CanvasMeta) -> QuerySet[Placement]:
        """Return the selected placements, without those that brought one of them back."""
        area = self.area.within(meta.width, meta.height)
        columns, rows = Q(x__gte=area.x, x__lt=area.right), Q(y__gte=area.y, y__lt=area.bottom)
        selected = Placement.objects.filter(self._is_named(), columns, rows, canvas_id=meta.id)
        return selected.order_by()

    def _lost(self, meta: CanvasMeta, seqs: list[int]) -> dict[tuple[int, int], int | None]:
        """Map each cell of these placements that has to change to the seq that comes back."""
        on_cell = Placement.objects.filter(
            _is_not_cut_off(meta), canvas_id=meta.id, x=OuterRef("x"), y=OuterRef("y")
        )
        on_cell = on_cell.order_by("-seq")
        kept = on_cell.filter(self._is_kept(meta))
        rows = (
            _rows_of(meta, seqs)
            .annotate(newest=Subquery(on_cell.values("seq")[:1]))
            .annotate(kept=Subquery(kept.values("seq")[:1]))
            .values_list("x", "y", "newest", "kept")
        )
        return {(x, y): kept for x, y, newest, kept in rows if newest != kept}

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


def _is_not_cut_off(meta: CanvasMeta) -> Q:
    """Match placements that no resize has taken away: what was cut off is background now."""
    left = Q()
    for cut in revisions.cuts(meta):
        left &= Q(seq__gt=cut.seq) | Q(x__lt=cut.width, y__lt=cut.height)
    return left


def _restored(meta: CanvasMeta, lost: Mapping[tuple[int, int], int | None]) -> list[Cell]:
    """Return each cell in the state that the placement with that seq left; None: background."""
    seqs = [seq for seq in lost.values() if seq is not None]
    rows = _rows_of(meta, seqs).values_list("seq", "color", "username", "restores")
    kept = {row[0]: row for row in rows}
    cells = []
    for (x, y), seq in lost.items():
        if seq is None:
            cells.append(Cell(x, y, 0, MODERATION))
        else:
            _seq, color, username, restores = kept[seq]
            cells.append(Cell(x, y, color, username, restores or seq))
    return cells


def _rows_of(meta: CanvasMeta, seqs: Sequence[int]) -> QuerySet[Placement]:
    """Select the placements with these seqs.

    The range says nothing new, but to PostgreSQL: without it, and without statistics, it prefers
    to read all there is of the canvas.
    """
    first, last = min(seqs, default=0), max(seqs, default=0)
    rows = Placement.objects.filter(canvas_id=meta.id, seq__range=(first, last), seq__in=seqs)
    return rows.order_by()
