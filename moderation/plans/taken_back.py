"""The placements that former operations took back: no later one brings them up again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from canvas.domain.rules import CanvasMeta
from moderation.models import Operation
from moderation.plans.selection import Drawn, Selection

MAX_OPERATIONS = 2000  # on the canvas, the newest


class TakenBack:
    """Tells of a placement whether one of these selections holds it."""

    def __init__(self, selections: Iterable[Selection]) -> None:
        self._of_everyone: list[Selection] = []
        self._of_person: defaultdict[str, list[Selection]] = defaultdict(list)
        for chosen in selections:
            if chosen.people is None:
                self._of_everyone.append(chosen)
            for person in chosen.people or ():
                self._of_person[person].append(chosen)

    def holds(self, drawn: Drawn) -> bool:
        return any(
            chosen.area.contains(drawn.x, drawn.y) and chosen.holds(drawn)
            for chosen in self._candidates(drawn)
        )

    def _candidates(self, drawn: Drawn) -> Iterator[Selection]:
        yield from self._of_everyone
        for person in {drawn.actor, drawn.owner}:
            yield from self._of_person.get(person, ()) if person is not None else ()


def read(meta: CanvasMeta) -> TakenBack:
    """Read what the newest operations on a canvas took back, without those that were undone."""
    newest = Operation.objects.filter(canvas_id=meta.id, task__kind="restore").order_by("-id")
    return TakenBack(_standing(newest.values_list("pk", "undoes_id", "task")[:MAX_OPERATIONS]))


def _standing(
    operations: Iterable[tuple[int, int | None, Any]],
) -> Iterator[Selection]:
    """Leave out what was undone; an undo that was undone itself undoes nothing."""
    undone: set[int] = set()
    for pk, undoes, task in operations:
        if pk in undone:
            continue
        if undoes is not None:
            undone.add(undoes)
        yield Selection.from_task(task)
