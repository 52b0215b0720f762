"""The binary frames of the subprotocol `pixels.v1`; `docs/protocol.md` has the layout."""

import struct
from collections.abc import Iterable, Iterator, Sequence

from canvas.domain.pixel import Pixel

SUBPROTOCOL = "pixels.v1"
PIXEL_FRAME = 1
HEADER = struct.Struct("<BBHQ")  # kind, flags, count, first seq
CELL = struct.Struct("<HHB")  # x, y, palette index
MAX_CELLS = 0xFFFF
TEXT, BINARY = 0x81, 0x82  # first bytes of whole WebSocket messages


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


def server_frame(kind: int, payload: bytes) -> bytes:
    """Return a whole message as a server sends it (RFC 6455): not masked, in one frame."""
    size = len(payload)
    if size < 126:
        return bytes((kind, size)) + payload
    if size < 0x10000:
        return bytes((kind, 126)) + size.to_bytes(2, "big") + payload
    return bytes((kind, 127)) + size.to_bytes(8, "big") + payload


def in_frames(pixels: Sequence[Pixel]) -> Iterable[Sequence[Pixel]]:
    """Cut the pixels into runs that one frame can hold."""
    return (pixels[start : start + MAX_CELLS] for start in range(0, len(pixels), MAX_CELLS))


def without_first(frame: bytes, count: int) -> bytes:
    """Return a frame of pixels without so many of the first ones."""
    kind, flags, total, first = HEADER.unpack_from(frame)
    cells = frame[HEADER.size + count * CELL.size :]
    return HEADER.pack(kind, flags, total - count, first + count) + cells
