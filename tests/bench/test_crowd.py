"""The load generator notices the faults of a gateway."""

from collections.abc import Sequence

import pytest

from bench.load import frames
from bench.load.reader import Faulty, Reader
from bench.load.wires import PACKED, PLAIN, Cell, PixelsV1
from canvas.domain.pixel import Pixel
from canvas.protocol.frames import encode_pixels


def framed(opcode: int, payload: bytes) -> bytes:
    return bytes([128 | opcode, len(payload)]) + payload


def packed(first: int, count: int) -> bytes:
    pixels = [Pixel(seq, seq, 0, 1, "Ann", 0) for seq in range(first, first + count)]
    return framed(frames.BINARY, encode_pixels(pixels))


def plain(seq: int) -> bytes:
    return framed(frames.TEXT, b'{"type":"pixel_updated","seq":%d,"x":1,"y":2}' % seq)


def test_frames_are_split_wherever_a_chunk_ends() -> None:
    data = plain(1) + plain(2)
    for end in range(len(data)):
        whole, rest = frames.split(data[:end])
        again, nothing = frames.split(rest + data[end:])
        assert whole + again == [(frames.TEXT, plain(1)[2:]), (frames.TEXT, plain(2)[2:])]
        assert nothing == b""


@pytest.fixture
def reader() -> Reader:
    return Reader(PACKED)


def test_both_formats_are_read(reader: Reader) -> None:
    assert [cell.seq for cell in reader.read(packed(5, 3)).cells] == [5, 6, 7]
    assert [cell.seq for cell in Reader(PLAIN).read(plain(9)).cells] == [9]


def test_a_hole_between_two_frames_is_a_fault(reader: Reader) -> None:
    with pytest.raises(Faulty, match="got 5 after 2"):
        reader.read(packed(1, 2) + packed(5, 1))


def test_a_pixel_that_comes_twice_is_a_fault(reader: Reader) -> None:
    with pytest.raises(Faulty, match="got 2 after 2"):
        reader.read(packed(1, 2) + packed(2, 1))


def test_pixels_are_decoded_once_though_one_socket_is_answered_in_between() -> None:
    decoded: list[Cell] = []

    class Wire(PixelsV1):
        def cells(self, opcode: int, payload: bytes) -> Sequence[Cell]:
            decoded.extend(cells := super().cells(opcode, payload))
            return cells

    reader = Reader(Wire())
    answer = framed(frames.TEXT, b'{"type":"ack"}')
    pixels, more = packed(1, 2), packed(3, 2)
    for data in (pixels + more, pixels + answer + more, answer + pixels + more):
        assert [cell.seq for cell in reader.read(data).cells] == [1, 2, 3, 4]
    assert len(decoded) == 4
