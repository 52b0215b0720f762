"""Counting: by the definition of the document, and equal to brute force after each placement."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blueprints.domain.progress import Counter
from blueprints.domain.template import LEAVE, of_cells
from blueprints.domain.wanted import wanted
from tests.blueprints.brute_force import brute_force, counter
from tests.blueprints.helpers import template

_ = LEAVE
PALETTE = ("#FFFFFF", "#000000", "#FF0000")
COLORS = dict(enumerate(PALETTE))


def draw(found: Counter, *placements: tuple[int, int, int]) -> bool:
    xs, ys, colors = zip(*placements, strict=True)
    return found.draw(np.array(xs), np.array(ys), np.array(colors, np.uint8))


def test_right_wrong_and_missing() -> None:
    made = template(3, 1, [1, 1, 1])
    assert counter(made, 0, 0, [[1, 2, 0]], PALETTE).progress() == (1, 1, 1, [[1, 1, 1, 1]])


def test_a_cell_that_wants_the_background_is_right_on_it_and_never_missing() -> None:
    found = counter(template(2, 1, [0, 0]), 0, 0, [[0, 1]], PALETTE)
    assert found.progress()[:3] == (1, 1, 0)


def test_cells_left_alone_or_beside_the_board_do_not_count() -> None:
    found = counter(template(3, 1, [1, _, 1]), -1, 0, [[1, 1]], PALETTE)
    assert found.progress() == (1, 0, 0, [[1, 1, 0, 0]])
    assert counter(template(1, 1, [1]), 9, 9, [[1, 1]], PALETTE).progress()[:3] == (0, 0, 0)


@pytest.mark.parametrize(
    ("palette", "index"),
    [
        (PALETTE, 2),
        ((*PALETTE, "#00FF00"), 2),
        (("#FFFFFF", "#FF0000", "#000000"), 1),
        (("#FFFFFF", "#000000", "#FE0000"), 2),
        (("#FFFFFF", "#000000"), -1),
    ],
)
def test_a_colour_keeps_its_meaning_when_the_palette_changes(
    palette: Sequence[str], index: int
) -> None:
    assert wanted(template(1, 1, [2]), palette)[2] == index


def test_the_last_of_several_placements_on_a_cell_counts() -> None:
    found = counter(template(1, 1, [1]), 0, 0, [[0]], PALETTE)
    assert draw(found, (0, 0, 1), (0, 0, 2))
    assert found.progress()[:3] == (0, 1, 0)
    assert draw(found, (0, 0, 2), (0, 0, 0), (0, 0, 1))
    assert found.progress()[:3] == (1, 0, 0)


def test_placements_elsewhere_change_nothing() -> None:
    found = counter(template(1, 1, [1]), 1, 1, [[0] * 3] * 3, PALETTE)
    assert not draw(found, (0, 0, 1), (2, 1, 1), (1, 2, 1))


PLACEMENTS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 2)), min_size=1, max_size=30
)


@given(
    st.integers(-4, 6),
    st.integers(-4, 6),
    st.lists(st.sampled_from([0, 1, 2, LEAVE]), min_size=12, max_size=12),
    st.lists(PLACEMENTS, max_size=6),
    st.sampled_from([PALETTE, PALETTE[::-1], PALETTE[:2]]),
)
def test_counts_equal_brute_force_after_each_batch(
    x: int, y: int, cells: list[int], batches: list[Any], palette: Sequence[str]
) -> None:
    if set(cells) == {LEAVE}:
        return
    made = of_cells(4, 3, bytes(cells), COLORS)
    board = [[0] * 6 for _row in range(5)]
    found = counter(made, x, y, board, palette)
    for batch in batches:
        for column, row, color in batch:
            board[row][column] = color
        draw(found, *batch)
        assert found.progress() == brute_force(made, x, y, board, palette)


def test_a_hundred_thousand_updates_equal_brute_force_at_the_end() -> None:
    rng = np.random.default_rng(5)
    cells = rng.integers(0, 4, 300 * 200, np.uint8)
    cells[cells == 3] = LEAVE
    made = of_cells(300, 200, cells.tobytes(), COLORS)
    board = np.zeros((400, 500), np.uint8)
    found = counter(made, 150, 120, board, PALETTE)
    for _batch in range(50):
        xs, ys = rng.integers(0, 500, 2000), rng.integers(0, 400, 2000)
        colors = rng.integers(0, 3, 2000).astype(np.uint8)
        for x, y, color in zip(xs.tolist(), ys.tolist(), colors.tolist(), strict=True):
            board[y, x] = color
        found.draw(xs, ys, colors)
    assert found.progress() == brute_force(made, 150, 120, board.tolist(), PALETTE)
