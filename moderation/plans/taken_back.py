"""Placements that restorations have taken back so far: no later one brings them up again."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Max

from canvas.domain.area import Area
from canvas.domain.rules import CanvasMeta
from moderation.models import Operation
from moderation.plans.selection import Drawn, Selection

MAX_OPERATIONS = 2000  # on the canvas, the newest
UNORDERED = 100  # primary keys: so much later than a higher one a lower one may be committed

Times = tuple[tuple[int, ...], tuple[int, ...]]  # after and until of each, apart and in order
Row = tuple[int, int | None, Any, str, int]


class _Areas:
    """The selections of one person, by area; the times that hold on a cell."""

    def __init__(self) -> None:
        self._times: defaultdict[Area, list[tuple[int, int]]] = defaultdict(list)
        self._merged: dict[tuple[Area, ...], Times] = {}
        self._of_cell: dict[tuple[int, int], Times] = {}

    def add(self, chosen: Selection) -> None:
        self._times[chosen.area].append((chosen.after, chosen.until))

    def times(self, cell: tuple[int, int]) -> Times:
        found = self._of_cell.get(cell)
        if found is None:
            areas = tuple(area for area in self._times if area.contains(*cell))
            found = self._merged.get(areas)
            if found is None:
                found = _merged(pair for area in areas for pair in self._times[area])
                self._merged[areas] = found
            self._of_cell[cell] = found
        return found


class TakenBack:
    """Tells of a placement whether a selection that stands holds it, and of restorations'."""

    def __init__(self, meta: CanvasMeta) -> None:
        self._restorations = Operation.objects.filter(canvas_id=meta.id, task__kind="restore")
        latest: int = Operation.objects.aggregate(latest=Max("pk"))["latest"] or 0
        rows: list[Row] = list(
            self._restorations.order_by("-id").values_list(
                "pk", "undoes_id", "task", "state", "position"
            )[:MAX_OPERATIONS]
        )
        self._known = {row[0] for row in rows}
        is_all = len(rows) < MAX_OPERATIONS
        self._since = max(latest - UNORDERED, 0 if is_all else min(self._known) - 1)
        self._actors = {Operation(pk=pk).actor for pk in self._known}
        self._of_person: defaultdict[str | None, _Areas] = defaultdict(_Areas)
        for chosen in _standing(rows):
            for person in (None,) if chosen.people is None else chosen.people:
                self._of_person[person].add(chosen)

    @property
    def is_outdated(self) -> bool:
        """Tell whether a restoration has begun since."""
        newer = self._restorations.filter(pk__gt=self._since).values_list("pk", flat=True)
        return not self._known.issuperset(newer)

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


def _standing(operations: Iterable[Row]) -> Iterable[Selection]:
    """Leave out what was undone; an undo that was undone itself undoes nothing.

    One that failed has taken back what it had reached.
    """
    undone: set[int] = set()
    for pk, undoes, task, state, position in operations:
        if pk in undone:
            continue
        if undoes is not None:
            undone.add(undoes)
        chosen = Selection.from_task(task)
        if state == Operation.State.FAILED:
            chosen = chosen._replace(until=min(chosen.until, position))
        yield chosen


def _merged(times: Iterable[tuple[int, int]]) -> Times:
    merged: list[list[int]] = []
    for after, until in sorted(times):
        if merged and after <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], until)
        else:
            merged.append([after, until])
    return tuple(after for after, _until in merged), tuple(until for _after, until in merged)
