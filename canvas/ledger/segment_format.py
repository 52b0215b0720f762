"""The bytes of a segment, as `docs/history.md` lays them out: encode and decode."""

import sys
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from struct import Struct
from typing import NamedTuple

from canvas.domain.columns import Columns

FORMAT = 1
HEADER = Struct("<IIQQQ32s32s")  # 96 bytes
FIXED = 5  # bytes of a placement before the times: x, y and colour
LONGEST_NUMBER = 70  # bits of a varint: ten bytes carry any 64
NO_SEGMENT = bytes(32)  # in place of the hash of the segment before the first

BY_MODERATION = 1
BY_PROGRAM = 2


class Header(NamedTuple):
    """The head of a segment. The hashes are SHA-256."""

    first_seq: int
    first_ms: int
    epoch: int
    board_before: bytes
    segment_before: bytes


class Content(NamedTuple):
    """A header and placements: columns, ms since 1970 that never fall, and flags."""

    header: Header
    columns: Columns
    times: Sequence[int]
    flags: bytes


def encode(content: Content) -> bytes:
    """Return the bytes that are hashed; 65,536 placements take some 30 ms."""
    (first_seq, first_ms, *rest), columns = content.header, content.columns
    count = len(columns.seqs)
    deltas = [later - earlier for earlier, later in pairwise((first_ms, *content.times))]
    return b"".join(
        (
            HEADER.pack(FORMAT, count, first_seq, first_ms, *rest),
            _little_endian(array("H", columns.xs)).tobytes(),
            _little_endian(array("H", columns.ys)).tobytes(),
            bytes(columns.colors),
            _pack_numbers(deltas),
            _pack_flags(content.flags),
        )
    )


def decode(content: bytes) -> Content:
    """Return what `encode` was given; raise ValueError for anything that it did not make."""
    header, columns = decode_columns(content)
    count, start = len(columns.seqs), _times_start(len(columns.seqs))
    end = len(content) - _flags_length(count)
    deltas = _unpack_numbers(content[start:end])
    if len(deltas) != count:
        raise ValueError(f"{count} placements have {len(deltas)} times")
    times = list(accumulate(deltas, initial=header.first_ms))[1:]
    return Content(header, columns, times, _unpack_flags(content[end:], count))


def decode_columns(content: bytes) -> tuple[Header, Columns]:
    """Return header and columns alone, for a board: in a tenth of the time of all."""
    if len(content) < HEADER.size:
        raise ValueError("a segment has a header")
    number, count, *fields = HEADER.unpack_from(content)
    if number != FORMAT:
        raise ValueError(f"format {number} is not known")
    if len(content) < _times_start(count) + count + _flags_length(count):
        raise ValueError(f"{len(content)} bytes are not {count} placements")
    header, start = Header(*fields), HEADER.size
    xs, ys, colors = (
        content[start + shift * count : start + (shift + width) * count]
        for shift, width in ((0, 2), (2, 2), (4, 1))
    )
    seqs = range(header.first_seq, header.first_seq + count)
    columns = Columns(seqs, _little_endian(array("H", xs)), _little_endian(array("H", ys)), colors)
    return header, columns


def rising(times: Iterable[int], since: int = 0) -> list[int]:
    """Return times that never fall: while a clock that was set back lags, time stands still."""
    return list(accumulate(times, max, initial=since))[1:]


def _times_start(count: int) -> int:
    return HEADER.size + FIXED * count


def _flags_length(count: int) -> int:
    return (count + 3) // 4


def _little_endian(numbers: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def _pack_numbers(numbers: Iterable[int]) -> bytes:
    """Write numbers as varints: seven bits a byte, the lowest first; the top bit: more follow."""
    packed = bytearray()
    for number in numbers:
        while number > 127:
            packed.append(number & 127 | 128)
            number >>= 7
        packed.append(number)
    return bytes(packed)


def _unpack_numbers(packed: bytes) -> list[int]:
    numbers, number, shift = [], 0, 0
    for byte in packed:
        number |= (byte & 127) << shift
        shift += 7
        if shift > LONGEST_NUMBER:
            raise ValueError("a time is longer than a number can be")
        if byte < 128:
            numbers.append(number)
            number = shift = 0
    if shift:
        raise ValueError("the last time is cut off")
    return numbers


def _pack_flags(flags: bytes) -> bytes:
    """Write two bits a placement, the first in the lowest bits of the first byte."""
    padded = flags + bytes(-len(flags) % 4)
    quarters = zip(*(padded[part::4] for part in range(4)), strict=True)
    return bytes(a | b << 2 | c << 4 | d << 6 for a, b, c, d in quarters)


def _unpack_flags(packed: bytes, count: int) -> bytes:
    return bytes(byte >> shift & 3 for byte in packed for shift in (0, 2, 4, 6))[:count]
