"""A plan that takes back what some people drew, or everyone in some time."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, NotRequired, Self, TypedDict

from django.db.models import QuerySet

from canvas.domain.area import Area
from canvas.domain.rules import CanvasMeta
from canvas.models import Placement
from canvas.services import Cell
from moderation.models import MODERATION
from moderation.plans import taken_back
from moderation.plans.plan import Page, Task
from moderation.plans.search import Search, Turn
from moderation.plans.selection import Selection
from moderation.plans.taken_back import TakenBack
from moderation.plans.window import Step, Window


class SelectionTask(TypedDict):
    people: Sequence[str] | None  # actors; None: everyone
    area: Sequence[int]  # x, y, width and height, in cells
    after: int  # seq
    until: int  # seq


class RestorationTask(Task, SelectionTask):
    undoes: NotRequired[SelectionTask]


class Restoration:
    """Give cells back to the person who drew there before the selection.

    A cell whose newest placement is not selected stays as it is; on the others the newest
    placement that is not selected, and was not taken back before, comes back, or the background.
    An undo looks at all cells that the operation which it undoes has looked at.
    """

    kind: ClassVar[str] = "restore"

    def __init__(
        self,
        people: tuple[str, ...] | None,
        area: Area,
        after: int,
        until: int,
        undoes: Selection | None = None,
    ) -> None:
        self.selection = Selection(people, area, after, until)
        self._undoes = undoes  # the selection whose cells an undo looks at; None: no undo
        self._window = Window()
        self._turn: Turn | None = None  # of an operation
        self._search: Search | None = None
        self._step: Step | None = None  # that the search is for
        self._taken_back: TakenBack | None = None  # of the run: read once

    @classmethod
    def from_task(cls, task: RestorationTask) -> Self:
        undone = task.get("undoes")
        return cls(*Selection.from_task(task), undone and Selection.from_task(undone))

    def task(self) -> RestorationTask:
        people, area, after, until = self.selection
        task: RestorationTask = {
            "kind": self.kind,
            "people": people,
            "area": area,
            "after": after,
            "until": until,
        }
        if self._undoes is not None:
            task["undoes"] = _task(self._undoes)
        return task

    def reading(self, ahead: int, turn: Turn | None) -> Self:
        """Return the same plan with other bounds: rows of its selection that it reads at a time,
        and the length of a turn of its search, by default that of an operation.
        """
        plan = type(self)(*self.selection, self._undoes)
        plan._window, plan._turn = Window(ahead), turn
        return plan

    @property
    def area(self) -> Area:
        return self.selection.area

    @property
    def _looked_at(self) -> Selection:
        return self._undoes or self.selection

    def size(self, meta: CanvasMeta) -> int:
        return max(0, self._looked_at.until - self._looked_at.after)

    def passed(self, meta: CanvasMeta, position: int) -> int:
        return min(max(0, position - self._looked_at.after), self.size(meta))

    def prepare(self, meta: CanvasMeta, seq: int, position: int, limit: int) -> None:
        """Search for what comes back on the next cells, for one turn."""
        step, search = self._window.step(self._looked_at, meta, position, limit), self._search
        if (
            search is None
            or self._step != step
            or not _same_size(search.meta, meta)
            or search.is_outdated
        ):
            self._step, is_undo, known = step, self._undoes is not None, self._known(meta)
            search = self._search = Search(
                self.selection, meta, step.cells, seq, known, is_undo=is_undo, turn=self._turn
            )
        search.go_on()

    def _known(self, meta: CanvasMeta) -> TakenBack:
        """Return the operations of now; read those that are not known yet."""
        known = self._taken_back
        if known is None or known.canvas_id != meta.id:
            known = TakenBack(meta)
            self._taken_back = known if taken_back.hold(known) else None
        elif known.is_outdated:
            known.renew()
        return known

    def page(self, meta: CanvasMeta, seq: int, position: int, limit: int) -> Page:
        """Return what was found; a position is the seq of the last placement looked at."""
        search, step = self._search, self._step
        if (
            search is None
            or step is None
            or not search.is_done
            or step.position != position
            or not _same_size(search.meta, meta)
            or not search.confirm(seq)
        ):
            return Page([], position, 0, is_last=False)
        self._search = None
        return Page(_restored(meta, search.lost()), step.until, step.looked_at, step.is_last)


def _task(chosen: Selection) -> SelectionTask:
    people, area, after, until = chosen
    return {"people": people, "area": area, "after": after, "until": until}


def _same_size(one: CanvasMeta, other: CanvasMeta) -> bool:
    return (one.epoch, one.width, one.height) == (other.epoch, other.width, other.height)


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
    """Select the placements with these seqs, in order.

    Range and order say nothing new, but to PostgreSQL: without them, and without statistics, it
    prefers to read all there is of the canvas.
    """
    first, last = min(seqs, default=0), max(seqs, default=0)
    rows = Placement.objects.filter(canvas_id=meta.id, seq__range=(first, last), seq__in=seqs)
    return rows.order_by("seq")
