"""The binary frames of the subprotocol `pixels.v1`; `docs/protocol.md` has the layout."""

import struct
from collections.abc import Iterable, Iterator, Sequence

from canvas.domain.pixel import Pixel

SUBPROTOCOL = "pixels.v1"
PIXEL_FRAME = 1
HEADER = struct.Struct("<BBHQ")  # kind, flags, count, first seq
CELL = struct.Struct("<HHB")  # x, y, palette index
MAX_CELLS = 0xFFFF


def encode_pixels(pixels: Sequence[Pixel]) -> bytes:
    """Return one frame of pixels whose seqs follow one another; at most MAX_CELLS of them."""
    cells = b"".join([CELL.pack(pixel.x, pixel.y, pixel.color) for pixel in pixels])
    return HEADER.pack(PIXEL_FRAME, 0, len(pixels), pixels[0].seq) + cells


def decode_pixels(frame: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield the (seq, x, y, palette index) of a frame, as a client reads it."""
    kind, _flags, count, first = HEADER.unpack_from(frame)
    if kind != PIXEL_FRAME or len(frame) != HEADER.size + count * CELL.size:
        raise ValueError("not a pixel frame")
    for offset, (x, y, color) in enumerate(CELL.iter_unpack(frame[HEADER.size :])):
        yield first + offset, x, y, color


def in_frames(pixels: Sequence[Pixel]) -> Iterable[Sequence[Pixel]]:
    """Cut the pixels into runs that one frame can hold."""
    return (pixels[start : start + MAX_CELLS] for start in range(0, len(pixels), MAX_CELLS))
