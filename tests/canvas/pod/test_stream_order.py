"""Placements are applied in the order of their seqs, each once."""

import pytest

from accounts.names import DELETED
from canvas.domain.board import Board
from canvas.domain.pixel import Seen
from canvas.domain.rules import Draw
from canvas.ledger import segments
from canvas.pod.stream import Outcome, Stream
from tests.canvas.helpers import HEIGHT, PALETTE, WIDTH, cells_of, meta_of, pixel


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


def test_one_of_a_person_who_was_deleted_since_is_a_duplicate() -> None:
    """A message from before comes late, or again: its signature is right."""
    stream = stream_at()
    stream.offer(pixel(1))
    stream.rename([pixel(1)._replace(username=DELETED)])
    assert stream.offer(pixel(1)) is Outcome.DUPLICATE
    assert stream.offer(pixel(1, color=3)) is Outcome.CONFLICT
    assert stream.between(0, 1) == [pixel(1)._replace(username=DELETED)]


def test_one_behind_a_gap_waits() -> None:
    stream = stream_at()
    assert stream.offer(pixel(3)) is Outcome.WAITING
    assert stream.has_gap
    assert stream.last == 0
    assert not any(stream.board.cells)


def test_two_that_wait_and_differ_are_both_dropped() -> None:
    stream = stream_at()
    stream.offer(pixel(2, color=2))
    assert stream.offer(pixel(2, color=2)) is Outcome.WAITING, "it came twice"
    assert stream.offer(pixel(2, color=3)) is Outcome.CONFLICT
    stream.offer(pixel(1))
    assert (stream.last, stream.has_gap) == (1, False), "the ledger knows which of them it was"


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


def test_a_draw_is_shown_what_lies_on_its_cell() -> None:
    stream = stream_at()
    stream.fill([pixel(1, x=3, y=2, color=2)])
    assert stream.seen(Draw(3, 2, PALETTE[2])) == Seen(2, has_asked_color=True)
    assert stream.seen(Draw(3, 2, PALETTE[4])) == Seen(2, has_asked_color=False)
    assert stream.seen(Draw(3, 2, PALETTE[2], over=1)) == Seen(2, has_asked_color=False)
    assert stream.seen(Draw(2, 3, PALETTE[0])) == Seen(0, has_asked_color=True)
    assert stream.seen(Draw(WIDTH, 2, PALETTE[2])) == Seen(None, has_asked_color=False)


def test_a_commit_that_follows_is_taken_as_one() -> None:
    stream, other = stream_at(4), stream_at(4)
    pixels = [pixel(seq) for seq in range(5, 25)]
    assert stream.extend(pixels)
    for each in pixels:
        other.offer(each)
    assert (stream.last, stream.board.cells) == (24, other.board.cells)
    assert stream.between(4, 24) == pixels


@pytest.mark.parametrize("seqs", [[], [5], [3], [3, 4, 5], [4, 6], [5, 6]], ids=str)
def test_one_that_does_not_follow_is_left_alone(seqs: list[int]) -> None:
    stream = stream_at(3)
    assert not stream.extend([pixel(seq) for seq in seqs])
    assert stream.last == 3


def test_behind_a_gap_nothing_is_taken_as_one() -> None:
    stream = stream_at(3)
    stream.offer(pixel(6))
    assert not stream.extend([pixel(4), pixel(5)])


def test_the_end_of_a_segment_is_not_passed_over() -> None:
    stream = stream_at(segments.SIZE - 3)
    assert not stream.extend([pixel(segments.SIZE - 3 + number) for number in range(1, 6)])
    assert not stream.extend([pixel(segments.SIZE - 3 + number) for number in range(1, 4)])
    assert stream.extend([pixel(segments.SIZE - 3 + number) for number in range(1, 3)])
    assert not stream.extend([pixel(segments.SIZE), pixel(segments.SIZE + 1)])
    stream.offer(pixel(segments.SIZE))
    assert stream.take_end() is not None
    assert stream.extend([pixel(segments.SIZE + number) for number in range(1, 5)])
