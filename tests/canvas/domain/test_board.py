"""The board: placements drawn one over the other, cells that a resize cuts off or adds."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canvas.domain.board import Board
from canvas.domain.columns import Columns
from canvas.domain.pixel import Pixel

sides = st.integers(1, 6)
steps = st.lists(
    st.tuples(st.booleans(), st.integers(1, 7), st.integers(1, 7), st.integers(1, 9)), max_size=30
)


def columns(*pixels: tuple[int, int, int], first: int = 1) -> Columns:
    seqs = range(first, first + len(pixels))
    return Columns(seqs, *zip(*pixels, strict=True)) if pixels else Columns(seqs, (), (), ())


def test_cells_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="^the cells are not those of this size$"):
        Board(2, 2, 5, b"123")


def test_columns_are_drawn_in_order() -> None:
    board = Board(3, 2)
    board.draw(columns((0, 0, 1), (2, 1, 2), (0, 0, 3)))
    assert (board.seq, bytes(board.cells)) == (3, b"\x03\x00\x00\x00\x00\x02")


placements = st.lists(
    st.tuples(st.integers(0, 4) | st.just(65_535), st.integers(0, 3) | st.just(65_535), sides)
)


@given(sides, sides, placements)
def test_columns_are_drawn_as_placements_are_one_by_one(
    width: int, height: int, drawn: list[tuple[int, int, int]]
) -> None:
    """Cells that come twice, and cells far outside, as columns of either kind."""
    one_by_one, by_column, packed = (Board(width, height) for _ in range(3))
    one_by_one.apply(Pixel(seq, *each, "", 0) for seq, each in enumerate(drawn, 1))
    found = columns(*drawn)
    by_column.draw(found)
    packed.draw(
        Columns(found.seqs, array("H", found.xs), array("H", found.ys), bytes(found.colors))
    )
    assert by_column.cells == packed.cells == one_by_one.cells
    assert by_column.seq == packed.seq == one_by_one.seq


def test_what_lies_outside_counts_but_is_not_drawn() -> None:
    board = Board(2, 1)
    board.draw(columns((2, 0, 1), (0, 1, 1), (1, 0, 1)))
    assert (board.seq, bytes(board.cells)) == (3, b"\x00\x01")


def test_no_columns_change_nothing() -> None:
    board = Board(2, 1, 7)
    board.draw(columns())
    assert board.seq == 7


def test_columns_of_any_kind_are_cut_by_their_seqs() -> None:
    whole = Columns(
        range(11, 15), array("H", [1, 2, 3, 4]), array("H", [0] * 4), b"\x05\x06\x07\x08"
    )
    cut = whole.between(11, 13)
    assert (list(cut.seqs), list(cut.xs), cut.colors) == ([12, 13], [2, 3], b"\x06\x07")
    assert whole.between(0, 99) is whole
    assert list(whole.between(14, 99).seqs) == list(whole.between(0, 10).seqs) == []


def test_a_crop_keeps_the_upper_left() -> None:
    board = Board(3, 2, 9, bytes(range(1, 7)))
    board.resize(2, 1)
    assert (board.size, bytes(board.cells), board.seq) == ((2, 1), b"\x01\x02", 9)


def test_a_board_that_grows_has_background_around() -> None:
    board = Board(2, 1, 9, b"\x01\x02")
    board.resize(3, 2)
    assert bytes(board.cells) == b"\x01\x02\x00\x00\x00\x00"


def test_the_hash_is_of_the_cells() -> None:
    assert Board(1, 3).sha256() == Board(3, 1).sha256()
    assert Board(1, 3).sha256() != Board(3, 1, 0, b"\x00\x01\x00").sha256()


@given(width=sides, height=sides, steps=steps)
def test_it_is_what_cells_by_themselves_would_be(
    width: int, height: int, steps: list[tuple[bool, int, int, int]]
) -> None:
    board, by_column = Board(width, height), Board(width, height)
    drawn: dict[tuple[int, int], int] = {}
    for seq, (is_resize, x, y, color) in enumerate(steps, 1):
        if is_resize:
            board.resize(x, y)
            by_column.resize(x, y)
            drawn = {(a, b): drawn[a, b] for a, b in drawn if a < x and b < y}
            continue
        board.apply([Pixel(seq, x, y, color, "", 0)])
        by_column.draw(columns((x, y, color), first=seq))
        if x < board.width and y < board.height:
            drawn[x, y] = color
    expected = [drawn.get((x, y), 0) for y in range(board.height) for x in range(board.width)]
    assert board.cells == by_column.cells == bytes(expected)
