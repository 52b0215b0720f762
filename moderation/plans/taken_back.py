"""Placements that restorations have taken back so far: no later one brings them up again."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any, NamedTuple
from weakref import WeakSet

from django.db.models import Max, Q, QuerySet

from canvas.domain.area import Area
from canvas.domain.rules import CanvasMeta
from moderation.models import Operation
from moderation.plans.plan import MAX_SEQ
from moderation.plans.selection import Drawn, Selection

MAX_OPERATIONS = 2000  # on the canvas, the newest
MAX_HELD = 16  # runs of a pod that keep what they have read; others read it for each chunk
MAX_KEPT = 20_000  # cells of one person whose times are remembered: 10 MB
UNORDERED = 100  # primary keys: so much later than a higher one a lower one may be committed

Span = tuple[int, int]  # seqs: after, until
Times = tuple[tuple[int, ...], tuple[int, ...]]  # after and until of each, apart and in order


class Row(NamedTuple):
    """A restoration, as it stood when it was read."""

    pk: int
    undoes_id: int | None
    task: Any
    state: str
    position: int


class _Areas:
    """The selections of one person, by area; the times that hold on a cell."""

    def __init__(self) -> None:
        self._times: defaultdict[Area, list[Span]] = defaultdict(list)
        self._merged: dict[tuple[Area, ...], Times] = {}
        self._of_cell: dict[tuple[int, int], Times] = {}

    def add(self, chosen: Selection) -> None:
        self._times[chosen.area].append((chosen.after, chosen.until))

    def times(self, cell: tuple[int, int]) -> Times:
        found = self._of_cell.get(cell)
        if found is None:
            if len(self._of_cell) >= MAX_KEPT:
                self._of_cell.clear()
                self._merged.clear()
            areas = tuple(area for area in self._times if area.contains(*cell))
            found = self._merged.get(areas)
            if found is None:
                found = _merged(pair for area in areas for pair in self._times[area])
                self._merged[areas] = found
            self._of_cell[cell] = found
        return found


class TakenBack:
    """Tells of a placement whether a selection that stands holds it, and of restorations'.

    All operations are read once; later only those that have begun or failed since.
    """

    def __init__(self, meta: CanvasMeta) -> None:
        self.canvas_id = meta.id
        self._restorations = Operation.objects.filter(canvas_id=meta.id, task__kind="restore")
        self._rows: dict[int, Row] = {}
        self._since = 0
        self.renew()

    @property
    def is_outdated(self) -> bool:
        """Tell whether a restoration has begun or failed since."""
        return any(self._is_news(*told) for told in self._candidates().values_list("pk", "state"))

    def renew(self) -> None:
        """Read what has begun or failed since the last time."""
        latest: int = Operation.objects.aggregate(latest=Max("pk"))["latest"] or 0
        rows = self._candidates().order_by("-id").values_list(*Row._fields)[:MAX_OPERATIONS]
        self._rows |= {row[0]: Row(*row) for row in rows}
        newest = sorted(self._rows.values(), key=attrgetter("pk"), reverse=True)[:MAX_OPERATIONS]
        self._rows = {row.pk: row for row in newest}
        is_all = len(newest) < MAX_OPERATIONS
        self._since = max(latest - UNORDERED, 0 if is_all else newest[-1].pk - 1)
        self._actors = {Operation(pk=pk).actor for pk in self._rows}
        self._of_person: defaultdict[str | None, _Areas] = defaultdict(_Areas)
        for chosen in _standing(newest):
            for person in (None,) if chosen.people is None else chosen.people:
                self._of_person[person].add(chosen)

    def _candidates(self) -> QuerySet[Operation]:
        """Select those that may be new, and those that were at work."""
        running = [row.pk for row in self._rows.values() if row.state == Operation.State.RUNNING]
        return self._restorations.filter(Q(pk__gt=self._since) | Q(pk__in=running))

    def _is_news(self, pk: int, state: str) -> bool:
        known = self._rows.get(pk)
        return known is None or (
            state == Operation.State.FAILED and known.state == Operation.State.RUNNING
        )

    def is_of_restoration(self, drawn: Drawn) -> bool:
        """Tell whether a restoration has drawn it: it shows what lay below, as of that time."""
        return drawn.actor in self._actors

    def holds(self, drawn: Drawn) -> bool:
        if self._is_selected(drawn, drawn.seq, drawn.actor):
            return True
        return drawn.restores is not None and self._is_selected(
            drawn, drawn.restores, drawn.owner or ""
        )

    def _is_selected(self, drawn: Drawn, seq: int, person: str) -> bool:
        for selected in (person, None):
            if selected in self._of_person:
                after, until = self._of_person[selected].times(drawn.cell)
                number = bisect_left(after, seq) - 1
                if number >= 0 and seq <= until[number]:
                    return True
        return False


_held: WeakSet[TakenBack] = WeakSet()


def hold(known: TakenBack) -> bool:
    """Count one in that a run wants to keep, until it ends; return False where so many do."""
    if len(_held) >= MAX_HELD:
        return False
    _held.add(known)
    return True


def _standing(operations: Iterable[Row]) -> Iterator[Selection]:
    """Yield what stands of each, the newest first.

    One that failed stands up to where it has come, and an operation that it undoes beyond that. An
    undo that was undone itself undoes nothing; one that was taken up again is part of the next.
    """
    undone: dict[int, list[Span]] = {}
    for each in operations:
        if each.undoes_id in undone:
            continue
        chosen = Selection.from_task(each.task)
        reach = each.position if each.state == Operation.State.FAILED else MAX_SEQ
        left = list(_left(reach, undone.get(each.pk, ())))
        if each.undoes_id is not None:
            undone[each.undoes_id] = left
        for after, until in left:
            after, until = max(after, chosen.after), min(until, chosen.until)
            if after < until:
                yield chosen._replace(after=after, until=until)


def _left(reach: int, undone: Iterable[Span]) -> Iterator[Span]:
    """Yield what is left of the seqs up to `reach`."""
    start = 0
    for after, until in sorted(undone):
        if start < min(after, reach):
            yield start, min(after, reach)
        start = max(start, until)
    if start < reach:
        yield start, reach


def _merged(times: Iterable[Span]) -> Times:
    merged: list[list[int]] = []
    for after, until in sorted(times):
        if merged and after <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], until)
        else:
            merged.append([after, until])
    return tuple(after for after, _until in merged), tuple(until for _after, until in merged)
