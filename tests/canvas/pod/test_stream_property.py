"""Messages shuffled, doubled and lost: with the ledger's help, the same board."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canvas.domain.board import Board
from canvas.domain.pixel import Pixel
from canvas.pod import stream as module
from canvas.pod.stream import Stream
from tests.canvas.helpers import HEIGHT, WIDTH, cells_of, meta_of

LENGTH = 30
FILL = 0  # in a delivery: the ledger is read now

place = st.tuples(st.integers(0, 4), st.integers(0, 2), st.integers(0, 4))
histories = st.lists(place, min_size=1, max_size=LENGTH)
deliveries = st.lists(st.integers(FILL, LENGTH), max_size=3 * LENGTH)
bounds = st.integers(1, 12)


def ledger_of(history: Sequence[tuple[int, int, int]]) -> list[Pixel]:
    return [Pixel(seq, *cell, "alice", seq) for seq, cell in enumerate(history, start=1)]


def deliver(stream: Stream, ledger: Sequence[Pixel], seq: int) -> None:
    if seq == FILL:
        stream.fill(ledger[stream.last :])
    elif seq <= len(ledger):
        stream.offer(ledger[seq - 1])


@given(histories, deliveries, bounds, bounds)
def test_every_order_ends_in_the_same_board(
    history: list[tuple[int, int, int]], delivery: list[int], memory: int, waiting: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MEMORY", memory)
        patch.setattr(module, "MAX_WAITING", waiting)
        meta, ledger = meta_of(), ledger_of(history)
        stream = Stream(meta, Board(WIDTH, HEIGHT))
        for seq in [*delivery, FILL]:
            deliver(stream, ledger, seq)
            assert stream.board.cells == cells_of(meta, ledger[: stream.last])
    assert stream.last == len(ledger)
    assert not stream.has_gap


@given(histories, deliveries, bounds, st.integers(0, LENGTH))
def test_what_it_remembers_is_exact_or_nothing(
    history: list[tuple[int, int, int]], delivery: list[int], memory: int, start: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MEMORY", memory)
        meta, ledger = meta_of(), ledger_of(history)
        start = min(start, len(ledger))
        recent = ledger[max(0, start - memory) : start]
        cells = cells_of(meta, ledger[:start])
        stream = Stream(meta, Board(WIDTH, HEIGHT, start, cells), recent)
        for seq in delivery:
            deliver(stream, ledger, seq)
        oldest = max(start - len(recent), stream.last - memory)
        for since in range(-1, stream.last + 1):
            told = stream.between(since, stream.last)
            assert told == (ledger[since : stream.last] if since >= oldest else None)
