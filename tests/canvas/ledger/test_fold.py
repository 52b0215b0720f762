"""The board at any seq is the fold of rows and revisions up to it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canvas.ledger import fold as module
from canvas.ledger.fold import Fold, pages
from canvas.ledger.revisions import changes
from canvas.models import Canvas
from canvas.services import configure, place
from tests.canvas.helpers import HEIGHT, PALETTE, WIDTH, ledger_cells, order

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 7)


def draw(count: int, first: int = 0) -> None:
    """Place so many pixels, many of them over others, within any board of 5 x 3 or more."""
    steps = range(first, first + count)
    place("main", [order(step * 3 % 5, step % 3, PALETTE[step % 4 + 1]) for step in steps])


def fold_rows(fold: Fold, until: int) -> None:
    """Bring a fold to `until` by the rows of the ledger alone, a page at a time."""
    for columns in pages(fold.meta, fold.seq, until):
        fold.take(columns)
    fold.settle(until)


def folded(canvas: Canvas, until: int) -> Fold:
    canvas.refresh_from_db()
    fold = Fold(canvas.meta())
    fold_rows(fold, until)
    return fold


def is_true(canvas: Canvas, until: int) -> bool:
    fold = folded(canvas, until)
    return bytes(fold.board.cells) == ledger_cells(fold.meta, until)


def test_an_empty_canvas_is_all_background(main: Canvas) -> None:
    fold = folded(main, 0)
    assert (fold.seq, fold.board.size) == (0, (WIDTH, HEIGHT))
    assert bytes(fold.board.cells) == bytes(WIDTH * HEIGHT)


@pytest.mark.parametrize("until", [0, 1, 6, 7, 8, 14, 50])
def test_it_is_the_fold_of_the_rows(main: Canvas, until: int) -> None:
    draw(50)
    assert is_true(main, until)
    assert folded(main, until).seq == until


def test_it_ends_with_the_ledger(main: Canvas) -> None:
    draw(3)
    assert folded(main, 99).seq == 3


def test_a_resize_has_its_place_between_two_placements(main: Canvas) -> None:
    place("main", [order(WIDTH - 1, HEIGHT - 1), order(1, 1)])
    configure("main", {"width": 2, "height": 2})
    place("main", [order(0, 0)])
    assert folded(main, 1).board.size == (WIDTH, HEIGHT)
    assert folded(main, 2).board.cells == b"\x00\x00\x00\x02", "it follows the placement"
    assert folded(main, 3).board.cells == b"\x02\x00\x00\x02"


def test_what_was_cut_off_comes_back_as_background(main: Canvas) -> None:
    place("main", [order(WIDTH - 1, HEIGHT - 1), order(1, 1)])
    configure("main", {"width": 2, "height": 2})
    configure("main", {"width": WIDTH, "height": HEIGHT})
    fold = folded(main, 2)
    assert fold.board.cells[-1] == 0
    assert fold.board.cells[WIDTH + 1] == 2
    assert fold.rules.revision == 3


def test_a_board_that_knows_a_revision_goes_on_with_the_next(main: Canvas) -> None:
    place("main", [order(4, 2)])
    small = configure("main", {"width": 3})
    begun = folded(main, 1)
    configure("main", {"width": WIDTH})
    main.refresh_from_db()
    fold = Fold(main.meta(), begun.board, small.revision)
    fold_rows(fold, 1)
    assert bytes(fold.board.cells) == ledger_cells(main.meta())
    assert [change.revision for change in changes(main.meta(), 2)] == [2, 3]


def test_later_rules_than_those_asked_for_do_not_count(main: Canvas) -> None:
    before = main.meta()
    draw(5)
    configure("main", {"width": 9})
    fold = Fold(before)
    fold_rows(fold, 5)
    assert fold.board.size == (WIDTH, HEIGHT)


def test_the_rules_in_force_are_known(main: Canvas) -> None:
    draw(2)
    before, other = main.epoch, configure("main", {"width": 9})
    draw(2)
    assert folded(main, 1).rules.epoch == before
    assert folded(main, 3).rules[:4] == (2, 2, 9, HEIGHT)
    assert folded(main, 3).rules.epoch == other.epoch


@pytest.mark.slow
@given(
    st.lists(
        st.one_of(st.integers(1, 9), st.tuples(st.integers(5, 9), st.integers(3, 6))), max_size=7
    )
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_story_is_the_fold_of_its_steps(
    main: Canvas, story: list[int | tuple[int, int]]
) -> None:
    """Examples go on, each on the board of those before it."""
    main.refresh_from_db()
    begun = main.seq
    for step in story:
        if isinstance(step, int):
            draw(step, first=step)
        else:
            configure("main", {"width": step[0], "height": step[1]})
    main.refresh_from_db()
    assert all(is_true(main, until) for until in range(begun, main.seq + 1, 5))
    assert is_true(main, main.seq)
