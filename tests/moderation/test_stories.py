"""Random stories of people and moderators end with the board that the rule of docs/moderation.md
tells: on each cell the newest placement that no revert which stands has selected.
"""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from canvas.domain.area import Area
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads, tips
from canvas.models import Canvas, Placement
from canvas.services import configure
from moderation import chunks
from moderation.acts.fill import fill
from moderation.acts.revert import revert
from moderation.acts.table import plan_of
from moderation.models import Operation
from moderation.plans import search, stretch
from moderation.plans.plan import Plan
from moderation.plans.restoration import Restoration
from moderation.plans.selection import Selection
from moderation.undo import can_undo, undo
from tests.canvas.helpers import ALICE, BOB, PALETTE
from tests.moderation.helpers import REASON, VANDAL, draw

pytestmark = pytest.mark.both_databases

WIDTH, HEIGHT = 3, 2
PEOPLE = (ALICE, BOB, VANDAL)
ROUNDS = 5
EVENTS = 12  # a round
STORIES = 6

Cell = tuple[int, int]


@pytest.fixture(autouse=True)
def _small(main: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a story of a few placements take many chunks, stretches and statements."""
    monkeypatch.setattr(chunks, "SIZE", 3)
    monkeypatch.setattr(stretch, "SIZE", 7)
    monkeypatch.setattr(search, "SHALLOW", 1)
    monkeypatch.setattr(search, "BUDGET", 5)
    monkeypatch.setattr(search, "MAX_STATEMENTS", 1)
    configure("main", {"width": WIDTH, "height": HEIGHT})


class Story:
    """Acts of people and moderators, in an order that a seed gives; two pods share the work."""

    def __init__(self, moderator: User, seed: int) -> None:
        self.moderator = moderator
        self.chance = random.Random(seed)
        self.cuts: list[tuple[int, int, int]] = []  # seq, width, height
        self._pods: tuple[dict[int, Plan], ...] = ({}, {})
        self._at_work: set[int] = set()
        self._left = 0
        self._events: dict[Callable[[], None], int] = {
            self.draw: 16,
            self.work: 32,
            self.revert: 16,
            self.undo: 16,
            self.fill: 2,
            self.resize: 1,
        }

    def tell(self) -> None:
        self._left = EVENTS
        while self._left > 0:
            self.go_on()
        while Operation.objects.filter(state=Operation.State.RUNNING).exists():
            self.work()

    def go_on(self) -> None:
        self._left -= 1
        (event,) = self.chance.choices(list(self._events), list(self._events.values()))
        event()

    def draw(self) -> None:
        width, height = size()
        cells = [self._cell(width, height) for _ in range(self.chance.randint(1, 3))]
        draw(self.chance.choice(PEOPLE), *cells, color=self.chance.choice(PALETTE[1:]))

    def work(self) -> None:
        """Have one of the pods carry out a chunk."""
        running = Operation.objects.filter(state=Operation.State.RUNNING)
        free = sorted(set(running.values_list("pk", flat=True)) - self._at_work)
        if free:
            self._advance(self.chance.choice(free))

    def revert(self) -> None:
        people = self.chance.sample(PEOPLE, self.chance.choice((0, 1, 1, 1, 2, 2)))
        head = reads.head("main").seq
        after, until = sorted(self.chance.choices(range(head + 1), k=2))
        if self.chance.random() < 0.8:
            after, until = 0 if people else after, head
        ids = tuple(each.id for each in people) or None
        revert(self.moderator, "main", Restoration(ids, self._area(), after, until), REASON)

    def undo(self) -> None:
        if choices := [each for each in Operation.objects.order_by("pk") if can_undo(each)]:
            undo(self.moderator, self.chance.choice(choices), REASON)

    def fill(self) -> None:
        fill(self.moderator, "main", self._area(), self.chance.randrange(len(PALETTE)), REASON)

    def resize(self) -> None:
        width, height = self.chance.choice(((WIDTH, HEIGHT), (WIDTH - 1, HEIGHT), (WIDTH, 1)))
        self.cuts.append((reads.head("main").seq, width, height))
        configure("main", {"width": width, "height": height})

    def _advance(self, pk: int) -> None:
        """Carry out a chunk; between its search and its lock others go on."""
        plans = self.chance.choice(self._pods)
        task: Any = Operation.objects.values_list("task", flat=True).get(pk=pk)
        plan = plans.setdefault(pk, plan_of(task))
        self._at_work.add(pk)
        with pytest.MonkeyPatch.context() as patch:
            if self._left > 0 and self.chance.random() < 0.4:
                patch.setattr(plan, "prepare", self._interrupted(plan))
            chunks.advance(pk, plan)
        self._at_work.discard(pk)

    def _interrupted(self, plan: Plan) -> Callable[..., None]:
        prepare = plan.prepare

        def then_others(meta: CanvasMeta, seq: int, position: int, limit: int) -> None:
            prepare(meta, seq, position, limit)
            for _ in range(min(self._left, self.chance.randint(1, 3))):
                self.go_on()

        return then_others

    def _cell(self, width: int, height: int) -> Cell:
        return self.chance.randrange(width), self.chance.randrange(height)

    def _area(self) -> Area:
        width, height = size()
        x, y = self._cell(width, height)
        if self.chance.random() < 0.7:
            return Area(0, 0, width, height)
        return Area(x, y, self.chance.randint(1, width - x), self.chance.randint(1, height - y))


def size() -> Cell:
    meta = reads.head("main").meta
    return meta.width, meta.height


def ruled(cuts: list[tuple[int, int, int]]) -> Iterator[int]:
    """Yield the colour of each cell as the rule tells: all placements, all operations, no index."""
    operations = list(Operation.objects.order_by("pk"))
    standing = []
    undone = set[int]()
    for each in reversed(operations):
        if each.pk in undone:
            continue
        standing.append(each)
        if each.undoes_id is not None:
            undone.add(each.undoes_id)
    reverts = [
        Selection.from_task(each.task) for each in standing if each.kind == "revert" and each.task
    ]
    fills = {each.actor for each in operations if each.kind == "fill"}
    gone = {each.actor for each in operations if each.pk in undone}
    drawn = dict[Cell, int]()
    for row in Placement.objects.order_by("seq"):
        is_moderation = row.actor.startswith("operation:")
        if is_moderation and (row.actor not in fills or row.actor in gone):
            continue
        if any(row.seq <= seq and (row.x >= w or row.y >= h) for seq, w, h in cuts):
            continue
        if not any(selects(each, row) for each in reverts):
            drawn[row.x, row.y] = row.color
    width, height = size()
    for y in range(height):
        for x in range(width):
            yield drawn.get((x, y), 0)


def selects(chosen: Selection, row: Placement) -> bool:
    return (
        chosen.after < row.seq <= chosen.until
        and chosen.area.contains(row.x, row.y)
        and (chosen.people is None or row.actor in chosen.people)
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(STORIES))
def test_a_story_ends_as_the_rule_tells(moderator: User, seed: int) -> None:
    story = Story(moderator, seed)
    for _ in range(ROUNDS):
        story.tell()
        assert not Operation.objects.exclude(state=Operation.State.DONE).exists()
        assert list(tips.load(reads.head("main").meta).cells) == list(ruled(story.cuts))
