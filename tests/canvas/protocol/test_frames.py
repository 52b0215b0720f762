"""Pixels as binary frames of the subprotocol pixels.v1."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canvas.domain.pixel import Pixel
from canvas.protocol.frames import (
    BINARY,
    MAX_CELLS,
    decode_pixels,
    encode_pixels,
    in_frames,
    server_frame,
    without_first,
)
from tests.canvas.helpers import pixel

side = st.integers(0, 0xFFFF)
cells = st.lists(st.tuples(side, side, st.integers(0, 255)), min_size=1, max_size=50)


@given(st.integers(1, 2**63), cells)
def test_what_was_encoded_is_decoded(first: int, drawn: list[tuple[int, int, int]]) -> None:
    pixels = [Pixel(first + i, *cell, "alice", 0) for i, cell in enumerate(drawn)]
    frame = encode_pixels(pixels)
    assert list(decode_pixels(frame)) == [pixel[:4] for pixel in pixels]


def test_a_frame_is_laid_out_as_the_protocol_says() -> None:
    frame = encode_pixels([Pixel(42, 25, 10, 8, "alice", 0), Pixel(43, 0x0102, 3, 255, "bob", 0)])
    assert frame.hex(" ") == (
        "01 00 02 00 2a 00 00 00 00 00 00 00"  # kind, flags, count, first seq
        " 19 00 0a 00 08"  # x, y, colour
        " 02 01 03 00 ff"
    )


@given(st.binary(max_size=60))
def test_no_bytes_break_the_decoder(frame: bytes) -> None:
    try:
        decoded = list(decode_pixels(frame))
    except (ValueError, struct.error):
        return
    assert len(frame) == 12 + 5 * len(decoded)


def test_a_frame_that_was_cut_is_refused() -> None:
    frame = encode_pixels([pixel(1), pixel(2)])
    with pytest.raises(ValueError, match="^not a pixel frame$"):
        list(decode_pixels(frame[:-1]))


@pytest.mark.parametrize(
    ("count", "sizes"),
    [(1, [1]), (MAX_CELLS, [MAX_CELLS]), (MAX_CELLS + 1, [MAX_CELLS, 1]), (0, [])],
)
def test_more_than_a_frame_holds_is_cut_into_several(count: int, sizes: list[int]) -> None:
    pixels = [pixel(seq) for seq in range(1, count + 1)]
    runs = list(in_frames(pixels))
    assert [len(run) for run in runs] == sizes
    assert [each for run in runs for each in run] == pixels


def test_the_largest_frame_can_be_encoded() -> None:
    frame = encode_pixels([pixel(seq) for seq in range(1, MAX_CELLS + 1)])
    assert len(list(decode_pixels(frame))) == MAX_CELLS


@pytest.mark.parametrize(
    ("size", "header"),
    [
        (0, b"\x82\x00"),
        (125, b"\x82\x7d"),
        (126, b"\x82\x7e\x00\x7e"),
        (0xFFFF, b"\x82\x7e\xff\xff"),
        (0x10000, b"\x82\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_a_message_has_the_header_of_its_size(size: int, header: bytes) -> None:
    payload = bytes(size)
    assert server_frame(BINARY, payload) == header + payload


def test_a_frame_without_its_first_pixels_is_that_of_the_others() -> None:
    pixels = [pixel(seq) for seq in range(7, 12)]
    assert without_first(encode_pixels(pixels), 2) == encode_pixels(pixels[2:])
