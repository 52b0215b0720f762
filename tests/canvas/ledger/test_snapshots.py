"""The board is the fold of the ledger, from any snapshot on."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canvas.domain.board import Board
from canvas.ledger import snapshots
from canvas.ledger.snapshots import load, save_snapshot
from canvas.models import Canvas, Snapshot
from canvas.services import configure, place
from tests.canvas.helpers import HEIGHT, PALETTE, WIDTH, ledger_cells, order

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "PAGE", 7)


def draw(count: int, first: int = 0) -> None:
    """Place so many pixels, many of them over others."""
    steps = range(first, first + count)
    place("main", [order(step * 3 % 8, step % 5, PALETTE[step % 5]) for step in steps])


def snapshot(canvas: Canvas, seq: int) -> None:
    meta = canvas.meta()
    save_snapshot(meta, seq, ledger_cells(meta, seq))


def test_an_empty_canvas_is_all_background(main: Canvas) -> None:
    empty = load(main.meta())
    assert (empty.seq, bytes(empty.cells)) == (0, bytes(WIDTH * HEIGHT))


@pytest.mark.parametrize("count", [1, 6, 7, 8, 14, 50])
def test_it_is_the_fold_of_the_ledger(main: Canvas, count: int) -> None:
    draw(count)
    loaded = load(main.meta())
    assert (loaded.seq, bytes(loaded.cells)) == (count, ledger_cells(main.meta()))


@pytest.mark.parametrize("until", [0, 1, 7, 12, 13, 30, 99])
def test_it_is_the_fold_up_to_any_seq(main: Canvas, until: int) -> None:
    draw(30)
    snapshot(main, 12)
    loaded = load(main.meta(), until)
    assert (loaded.seq, bytes(loaded.cells)) == (min(until, 30), ledger_cells(main.meta(), until))


def test_it_starts_from_the_newest_snapshot(main: Canvas) -> None:
    draw(20)
    save_snapshot(main.meta(), 20, b"\x04" * (WIDTH * HEIGHT))  # not true, so that it shows
    assert load(main.meta()).cells == b"\x04" * (WIDTH * HEIGHT)


def test_it_does_not_start_from_a_snapshot_of_another_history(main: Canvas) -> None:
    draw(20)
    snapshot(main, 20)
    meta = configure("main", {"width": WIDTH + 1})
    loaded = load(meta)
    assert (loaded.seq, bytes(loaded.cells)) == (20, ledger_cells(meta))


def test_pixels_outside_of_a_board_that_shrank_have_no_place(main: Canvas) -> None:
    place("main", [order(WIDTH - 1, HEIGHT - 1), order(1, 1)])
    loaded = load(configure("main", {"width": 2, "height": 2}))
    assert (loaded.seq, bytes(loaded.cells)) == (2, b"\x00\x00\x00\x02")


def test_pixels_come_back_when_the_board_grows_again(main: Canvas) -> None:
    place("main", [order(WIDTH - 1, HEIGHT - 1)])
    configure("main", {"width": 2, "height": 2})
    loaded = load(configure("main", {"width": WIDTH, "height": HEIGHT}))
    assert loaded.cells[-1] == 2


def test_cells_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="size"):
        Board(2, 2, 5, b"123")


def test_two_boards_of_one_snapshot_are_apart(main: Canvas) -> None:
    draw(5)
    snapshot(main, 5)
    one, other = load(main.meta()), load(main.meta())
    one.cells[0] = 99
    assert other.cells == ledger_cells(main.meta())


@given(batches=st.lists(st.integers(1, 9), max_size=6), kept=st.sets(st.integers(1, 54)))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_snapshot_and_tail_are_the_fold(main: Canvas, batches: list[int], kept: set[int]) -> None:
    """Examples draw on, each on the board of those before it."""
    begun = load(main.meta()).seq
    for size in batches:
        draw(size, first=size)
    main.refresh_from_db()
    for seq in sorted(kept):
        if begun + seq <= main.seq:
            snapshot(main, begun + seq)
    loaded = load(main.meta())
    assert (loaded.seq, bytes(loaded.cells)) == (main.seq, ledger_cells(main.meta()))
    assert Snapshot.objects.count() <= 2
