"""Placements are applied in the order of their seqs, each once."""

from canvas.domain.board import Board
from canvas.pod.stream import Outcome, Stream
from tests.canvas.helpers import HEIGHT, WIDTH, cells_of, meta_of, pixel


def stream_at(seq: int = 0) -> Stream:
    return Stream(meta_of(), Board(WIDTH, HEIGHT, seq))


def test_the_next_one_is_applied() -> None:
    stream = stream_at(4)
    assert stream.offer(pixel(5)) is Outcome.APPLIED
    assert stream.last == 5
    assert stream.board.cells == cells_of(stream.meta, [pixel(5)])


def test_one_that_was_here_is_a_duplicate() -> None:
    stream = stream_at()
    stream.offer(pixel(1))
    assert stream.offer(pixel(1)) is Outcome.DUPLICATE
    assert stream.last == 1


def test_one_from_before_memory_is_a_duplicate() -> None:
    assert stream_at(10).offer(pixel(3)) is Outcome.DUPLICATE


def test_one_that_was_here_and_says_something_else_is_a_conflict() -> None:
    stream = stream_at()
    stream.offer(pixel(1, color=2))
    assert stream.offer(pixel(1, color=3)) is Outcome.CONFLICT
    assert stream.board.cells == cells_of(stream.meta, [pixel(1, color=2)])


def test_one_behind_a_gap_waits() -> None:
    stream = stream_at()
    assert stream.offer(pixel(3)) is Outcome.WAITING
    assert stream.has_gap
    assert stream.last == 0
    assert not any(stream.board.cells)


def test_what_waits_follows_when_the_gap_closes() -> None:
    stream = stream_at()
    for seq in (4, 2, 3, 1):
        stream.offer(pixel(seq))
    assert stream.last == 4
    assert not stream.has_gap
    assert stream.between(0, 4) == [pixel(seq) for seq in (1, 2, 3, 4)]


def test_it_waits_on_behind_a_second_gap() -> None:
    stream = stream_at()
    for seq in (2, 5, 1):
        stream.offer(pixel(seq))
    assert stream.last == 2
    assert stream.has_gap


def test_the_ledger_fills_a_gap() -> None:
    stream = stream_at()
    stream.offer(pixel(4))
    assert stream.fill([pixel(1), pixel(2), pixel(3)]) == 3
    assert stream.last == 4
    assert not stream.has_gap


def test_the_ledger_says_again_what_is_known() -> None:
    stream = stream_at()
    stream.offer(pixel(1))
    assert stream.fill([pixel(1), pixel(2)]) == 1
    assert stream.last == 2


def test_the_ledger_is_right_where_a_waiting_placement_differs() -> None:
    stream = stream_at()
    stream.offer(pixel(2, color=4))
    stream.fill([pixel(1, color=1), pixel(2, color=2)])
    assert stream.board.cells == cells_of(stream.meta, [pixel(1, color=1), pixel(2, color=2)])
    assert not stream.has_gap


def test_a_pixel_that_fell_off_a_smaller_board_counts_without_a_colour() -> None:
    stream = Stream(meta_of(width=2, height=2), Board(2, 2))
    assert stream.offer(pixel(1, x=5, y=1)) is Outcome.APPLIED
    assert stream.last == 1
    assert not any(stream.board.cells)
