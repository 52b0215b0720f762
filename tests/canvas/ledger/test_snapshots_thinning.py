"""Of the older snapshots those are kept that make any moment of the past quick to reach."""

import pytest

from canvas.ledger import snapshots
from canvas.ledger.snapshots import nearest_snapshot, save_snapshot
from canvas.models import Canvas, Snapshot
from tests.canvas.helpers import HEIGHT, WIDTH

pytestmark = pytest.mark.both_databases

CELLS = bytes(WIDTH * HEIGHT)


@pytest.fixture(autouse=True)
def spacing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "SNAPSHOT_SPACING", 100)


def kept(canvas: Canvas, seqs: list[int]) -> list[int]:
    for seq in seqs:
        save_snapshot(canvas.meta(), seq, CELLS)
    return list(Snapshot.objects.order_by("seq").values_list("seq", flat=True))


def test_the_newest_is_kept(main: Canvas) -> None:
    assert kept(main, [1, 2, 3, 4, 5])[-1] == 5


def test_of_many_close_ones_few_are_kept(main: Canvas) -> None:
    assert len(kept(main, list(range(1, 1000, 10)))) <= 1000 / 100 + 2


def test_between_two_that_are_kept_lies_at_most_twice_the_spacing(main: Canvas) -> None:
    seqs = [0, *kept(main, list(range(1, 1000, 30)))]
    assert max(later - earlier for earlier, later in zip(seqs, seqs[1:], strict=False)) <= 200


def test_distant_ones_are_all_kept(main: Canvas) -> None:
    assert kept(main, [100, 200, 300, 400]) == [100, 200, 300, 400]


def test_the_same_one_twice_is_one(main: Canvas) -> None:
    assert kept(main, [100, 100]) == [100]


def test_those_of_another_canvas_are_left_alone(main: Canvas) -> None:
    other = Canvas.objects.create(slug="other", width=WIDTH, height=HEIGHT)
    save_snapshot(other.meta(), 1, CELLS)
    kept(main, [1, 2, 3, 4, 5])
    assert nearest_snapshot(other.meta()) is not None


@pytest.mark.parametrize(("until", "seq"), [(None, 300), (300, 300), (299, 200), (100, 100)])
def test_the_nearest_one_is_found(main: Canvas, until: int | None, seq: int) -> None:
    kept(main, [100, 200, 300])
    found = nearest_snapshot(main.meta(), until)
    assert found is not None
    assert found.seq == seq


def test_there_is_none_before_the_first(main: Canvas) -> None:
    kept(main, [100])
    assert nearest_snapshot(main.meta(), until=99) is None
