"""A selection is read ahead in stretches: each looks at so many rows, however sparse it is."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from canvas.domain.area import Area
from canvas.domain.rules import CanvasMeta
from canvas.models import Canvas, Placement
from moderation.plans import stretch
from moderation.plans.selection import Selection
from moderation.plans.stretch import Stretch
from tests.canvas.helpers import ALICE, BOB, HEIGHT, ON_SQLITE, WIDTH
from tests.moderation.helpers import VANDAL, color_at, draw, reverted
from tests.support.rows_read import rows_read

pytestmark = pytest.mark.both_databases
on_postgres = pytest.mark.skipif(ON_SQLITE, reason="SQLite is for one's own machine, and unbounded")

EVERYWHERE = Area(0, 0, WIDTH, HEIGHT)
CELL = Area(1, 1, 1, 1)
SMALL = 20


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretch, "SIZE", SMALL)


@pytest.fixture
def meta(main: Canvas) -> CanvasMeta:
    """A ledger of 300 placements by two, and a few of a third on one cell."""
    for _ in range(3):
        draw(ALICE, *[(x % WIDTH, x // WIDTH % HEIGHT) for x in range(50)])
        draw(BOB, *[(x % WIDTH, 2) for x in range(50)])
        draw(VANDAL, (1, 1))
    return main.meta()


def stretches(chosen: Selection, meta: CanvasMeta) -> Iterator[Stretch]:
    """Read all of a selection; each stretch reaches further than the last."""
    position = 0
    while not (found := stretch.read(chosen, meta, position, SMALL)).is_last:
        assert found.until > position
        position = found.until
        yield found
    yield found


@contextmanager
def bounded() -> Iterator[None]:
    """Have the stretches of all that is asked for look at so many rows each.

    Of a table of a few pages PostgreSQL prefers to read all.
    """
    read = stretch.read

    def counted(*asked: Any) -> Stretch:
        with rows_read() as looked:
            found = read(*asked)
        assert looked.count <= 3 * SMALL
        return found

    with pytest.MonkeyPatch.context() as patch, connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        patch.setattr(stretch, "read", counted)
        yield
        cursor.execute("RESET enable_seqscan")


def seqs(chosen: Selection, meta: CanvasMeta) -> list[int]:
    return [seq for found in stretches(chosen, meta) for seq in found.seqs]


def of(*people: str, area: Area = EVERYWHERE, after: int = 0, until: int = 2**53) -> Selection:
    return Selection(people or None, area, after, until)


def test_one_with_few_placements_is_read_at_once(meta: CanvasMeta) -> None:
    found = list(stretches(of(VANDAL.id), meta))
    assert [seq for each in found for seq in each.seqs] == [101, 202, 303]
    assert len(found) == 1 or ON_SQLITE


def test_a_cell_is_read_at_once(meta: CanvasMeta) -> None:
    found = list(stretches(of(area=CELL), meta))
    expected = Placement.objects.filter(x=1, y=1).order_by("seq")
    assert [seq for each in found for seq in each.seqs] == [each.seq for each in expected]
    assert len(found) == 1 or ON_SQLITE


def test_one_with_many_placements_takes_stretch_after_stretch(meta: CanvasMeta) -> None:
    found = list(stretches(of(ALICE.id), meta))
    assert [len(each.seqs) for each in found][:6] == [20, 20, 10, 0, 0, 19]
    assert sum(len(each.seqs) for each in found) == 150


def test_what_is_drawn_after_the_selection_does_not_count(meta: CanvasMeta) -> None:
    assert seqs(of(after=100, until=130), meta) == list(range(101, 131))
    draw(VANDAL, (3, 3))
    assert seqs(of(VANDAL.id, until=303), meta) == [101, 202, 303]


def test_a_selection_of_nothing_ends(meta: CanvasMeta) -> None:
    nowhere = Area(5000, 5000, 9, 9)
    for chosen in (of("nobody"), of(area=nowhere), of(after=303), of(ALICE.id, area=nowhere)):
        assert seqs(chosen, meta) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(30))
def test_stretches_give_what_one_query_gives(meta: CanvasMeta, seed: int) -> None:
    chance = random.Random(seed)
    people = chance.sample([ALICE.id, BOB.id, VANDAL.id, "nobody"], chance.randint(0, 3))
    x, y = chance.randrange(WIDTH), chance.randrange(HEIGHT)
    area = Area(x, y, chance.randint(1, WIDTH), chance.randint(1, HEIGHT))
    after = chance.randrange(303)
    chosen = of(*people, area=area, after=after, until=chance.randint(after, 400))
    expected = chosen.named(meta).order_by("seq").values_list("seq", flat=True)
    assert seqs(chosen, meta) == list(expected)


@on_postgres
def test_each_looks_at_so_many_rows(meta: CanvasMeta) -> None:
    with bounded():
        for chosen in (of(VANDAL.id), of(area=CELL), of(ALICE.id), of(), of(BOB.id, area=CELL)):
            assert seqs(chosen, meta) == list(
                chosen.named(meta).order_by("seq").values_list("seq", flat=True)
            )


@on_postgres
def test_a_sparse_selection_is_reverted(meta: CanvasMeta, moderator: User) -> None:
    operation = reverted(moderator, VANDAL)
    assert (operation.looked_at, operation.written) == (3, 1)
    whole = reverted(moderator, ALICE, area=Area(0, 0, WIDTH, HEIGHT))
    assert whole.looked_at == 150
    assert color_at(1, 1) == 0
