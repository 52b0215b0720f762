"""A rectangle of cells: what lies in it, and how much of it lies on a board."""

import pytest

from canvas.domain.area import Area

AREA = Area(2, 3, 4, 5)


@pytest.mark.parametrize("cell", [(2, 3), (5, 7), (2, 7), (5, 3)])
def test_it_holds_its_corners(cell: tuple[int, int]) -> None:
    assert AREA.contains(*cell)


@pytest.mark.parametrize("cell", [(1, 3), (2, 2), (6, 7), (5, 8), (6, 8), (0, 0)])
def test_it_holds_nothing_beyond(cell: tuple[int, int]) -> None:
    assert not AREA.contains(*cell)


@pytest.mark.parametrize(
    ("board", "part"),
    [((10, 10), (4, 5)), ((6, 8), (4, 5)), ((5, 7), (3, 4)), ((2, 3), (0, 0)), ((1, 1), (0, 0))],
)
def test_its_part_on_a_board_is_cut_off_at_the_edges(
    board: tuple[int, int], part: tuple[int, int]
) -> None:
    assert AREA.within(*board) == Area(2, 3, *part)
