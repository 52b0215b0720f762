"""The memory of a stream for sockets that resume, and the placements that it holds back."""

import pytest

from canvas.domain.board import Board
from canvas.domain.pixel import Pixel
from canvas.pod import stream as module
from canvas.pod.stream import Outcome, Stream
from tests.canvas.helpers import HEIGHT, WIDTH, meta_of, pixel


@pytest.fixture(autouse=True)
def small_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MEMORY", 8)
    monkeypatch.setattr(module, "MAX_WAITING", 5)


def run_of(first: int, last: int) -> list[Pixel]:
    return [pixel(seq) for seq in range(first, last + 1)]


def test_it_remembers_all_since_it_began() -> None:
    stream = Stream(meta_of(), Board(WIDTH, HEIGHT, 10))
    stream.fill(run_of(11, 15))
    assert stream.between(10, 15) == run_of(11, 15)
    assert stream.between(12, 14) == run_of(13, 14)
    assert stream.between(15, 15) == []


def test_it_knows_nothing_from_before_it_began() -> None:
    stream = Stream(meta_of(), Board(WIDTH, HEIGHT, 10))
    stream.fill(run_of(11, 15))
    assert stream.between(9, 15) is None
    assert stream.between(-1, 15) is None


def test_it_begins_with_the_recent_past() -> None:
    stream = Stream(meta_of(), Board(WIDTH, HEIGHT, 10), run_of(7, 10))
    assert stream.between(6, 10) == run_of(7, 10)
    assert stream.between(5, 10) is None


def test_of_a_long_past_it_keeps_the_newest() -> None:
    stream = Stream(meta_of(), Board(WIDTH, HEIGHT, 20), run_of(1, 20))
    assert stream.between(12, 20) == run_of(13, 20)
    assert stream.between(11, 20) is None


def test_it_forgets_the_oldest_as_it_grows() -> None:
    stream = Stream(meta_of(), Board(WIDTH, HEIGHT))
    for each in run_of(1, 100):
        stream.offer(each)
        low = max(0, stream.last - 8)
        assert stream.between(low, stream.last) == run_of(low + 1, stream.last)
        assert low == 0 or stream.between(low - 1, stream.last) is None


def test_it_holds_back_only_so_many() -> None:
    stream = Stream(meta_of(), Board(WIDTH, HEIGHT))
    for each in run_of(2, 9):  # 2 to 6 wait, 7 to 9 are dropped
        assert stream.offer(each) is Outcome.WAITING
    stream.offer(pixel(1))
    assert stream.last == 6
    stream.fill(run_of(7, 9))
    assert stream.last == 9


def test_a_forgotten_seq_is_a_duplicate_with_any_content() -> None:
    stream = Stream(meta_of(), Board(WIDTH, HEIGHT))
    stream.fill(run_of(1, 20))
    assert stream.offer(pixel(3, color=4)) is Outcome.DUPLICATE


def test_other_names_are_taken_for_what_it_remembers_and_nothing_else() -> None:
    stream = Stream(meta_of(), Board(WIDTH, HEIGHT))
    stream.fill(run_of(1, 20))
    named = [each._replace(username="bob") for each in run_of(10, 21)]
    stream.rename([*named, pixel(15, color=4)._replace(username="mallory")])
    assert stream.between(12, 20) == named[3:-1]
    assert (stream.last, stream.at(21)) == (20, None)
