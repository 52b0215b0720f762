"""Keyframes: where the segments since the last one outweigh the board, and at a resize."""

from random import Random

import pytest

from canvas.domain.board import Board
from canvas.ledger import boards, keyframes, proof, segments
from canvas.ledger.fold import Fold
from canvas.ledger.sealing import seal
from canvas.models import Canvas, Keyframe, Segment
from canvas.services import configure, place
from tests.canvas.helpers import PALETTE, ledger_cells, order, rejections

pytestmark = pytest.mark.both_databases

SIZE = 8


@pytest.fixture(autouse=True)
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "SIZE", SIZE)


def draw(count: int, first: int = 0) -> None:
    steps = range(first, first + count)
    place("main", [order(step * 7 % 40, step % 30, PALETTE[step % 4 + 1]) for step in steps])


def sealed(count: int) -> list[int]:
    """Draw, seal, and return the seqs of the keyframes."""
    draw(count)
    list(seal("main"))
    return list(Keyframe.objects.order_by("seq").values_list("seq", flat=True))


def heavy(keyframe_weight: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every packed board weigh so many bytes."""
    pack = proof.pack

    def padded(content: bytes | bytearray, level: int) -> bytes:
        packed = pack(content, level)
        return packed.ljust(keyframe_weight, b"\x00") if len(content) == 1200 else packed

    def padded_below(content: bytes | bytearray, level: int, limit: int) -> bytes | None:
        packed = padded(content, level)
        return packed if len(packed) < limit else None

    monkeypatch.setattr(proof, "pack", padded)
    monkeypatch.setattr(proof, "pack_below", padded_below)


@pytest.mark.parametrize("length", [0, 1, proof.PART, 3 * proof.PART + 1])
def test_packing_below_a_limit_makes_the_same_bytes_or_none(length: int) -> None:
    content = Random(7).randbytes(length // 2).ljust(length, b"\x05")
    packed = proof.pack(content, keyframes.LEVEL)
    for limit in (len(packed) + 1, len(packed), len(packed) - 1, 1):
        expected = packed if len(packed) < limit else None
        assert proof.pack_below(content, keyframes.LEVEL, limit) == expected, limit


def test_a_light_board_is_stored_before_each_segment_but_the_first(main: Canvas) -> None:
    assert sealed(4 * SIZE) == [8, 16, 24]


def test_a_heavy_one_waits_for_segments_that_outweigh_it(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    heavy(500, monkeypatch)
    seqs = sealed(20 * SIZE)
    weight = Segment.objects.filter(first_seq__lte=seqs[0]).values_list("size", flat=True)
    assert sum(weight) > 500
    assert sum(list(weight)[:-1]) <= 500
    assert len(seqs) < 10


def test_the_heaviest_is_stored_before_every_sixteenth(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    heavy(100_000, monkeypatch)
    assert sealed(40 * SIZE) == [16 * SIZE, 32 * SIZE]


def test_each_is_the_board_at_its_seq(main: Canvas) -> None:
    sealed(3 * SIZE)
    for stored in Keyframe.objects.all():
        assert boards.cells_of(stored) == ledger_cells(main.meta(), stored.seq)
        assert (stored.revision, stored.area) == (1, (main.width, main.height))


def test_one_before_a_segment_has_the_size_that_the_segment_begins_with(main: Canvas) -> None:
    draw(SIZE)
    configure("main", {"width": 20, "height": 9})
    place("main", [order(step, step) for step in range(8)])
    list(seal("main"))
    stored = Keyframe.objects.order_by("seq", "revision").last()
    assert stored is not None
    assert (stored.seq, stored.revision, stored.area) == (SIZE, 2, (20, 9))


def test_the_first_that_is_stored_wins(main: Canvas) -> None:
    sealed(2 * SIZE)
    other = Fold(main.meta())
    other.board.seq = SIZE
    before = rejections("keyframe")
    assert keyframes.store(other).sha256 != other.board.sha256()
    assert rejections("keyframe") == before + 1


def test_broken_bytes_of_the_same_board_are_mended(main: Canvas) -> None:
    sealed(2 * SIZE)
    stored = Keyframe.objects.get()
    fold = Fold(main.meta(), Board(*stored.area, SIZE), 1)
    fold.board.cells[:] = boards.cells_of(stored)
    Keyframe.objects.update(cells=b"broken")
    before = rejections("keyframe")
    assert boards.cells_of(keyframes.store(fold)) == bytes(fold.board.cells)
    assert boards.cells_of(Keyframe.objects.get()) == bytes(fold.board.cells)
    assert rejections("keyframe") == before + 1
    keyframes.store(fold, level=1)
    assert rejections("keyframe") == before + 1, "other bytes of the same board are as good"
