"""The bytes of a segment, as `docs/history.md` lays them out: encode and decode."""

import sys
from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate
from struct import Struct
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from canvas.domain.columns import Columns

FORMAT = 1
HEADER = Struct("<IIQQQ32s32s")  # 96 bytes
FIXED = 5  # bytes of a placement before the times: x, y and colour
LONGEST_NUMBER = 10  # bytes of a varint: they carry any 64 bits
LAST_BYTE = 1  # of the longest number: its 64th bit
NO_SEGMENT = bytes(32)  # in place of the hash of the segment before the first

BY_MODERATION = 1
BY_PROGRAM = 2
FLAG_SHIFTS = np.array((0, 2, 4, 6), np.uint8)  # of four placements in a byte

Numbers = npt.NDArray[np.uint64]


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
    """Return the bytes that are hashed; 65,536 placements take some 10 ms."""
    (first_seq, first_ms, *rest), columns = content.header, content.columns
    count = len(columns.seqs)
    times = np.array((first_ms, *content.times), np.uint64)
    if (times[1:] < times[:-1]).any():
        raise ValueError("times never fall in a segment")
    return b"".join(
        (
            HEADER.pack(FORMAT, count, first_seq, first_ms, *rest),
            _little_endian(array("H", columns.xs)).tobytes(),
            _little_endian(array("H", columns.ys)).tobytes(),
            bytes(columns.colors),
            _pack_numbers(np.diff(times)),
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
    times = np.cumsum(deltas) + np.uint64(header.first_ms)
    if (times < deltas).any() or (times[1:] < times[:-1]).any():
        raise ValueError("its times end beyond 64 bits")
    return Content(header, columns, times.tolist(), _unpack_flags(content[end:], count))


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


def _pack_numbers(numbers: Numbers) -> bytes:
    """Write numbers as varints: seven bits a byte, the lowest first; the top bit: more follow."""
    longest = max(1, -(-int(numbers.max(initial=0)).bit_length() // 7))
    rests = numbers[:, None] >> (7 * np.arange(longest, dtype=np.uint64))
    is_more = rests > 127
    is_written = np.ones(rests.shape, bool)
    is_written[:, 1:] = is_more[:, :-1]
    packed: bytes = (rests & 127 | is_more * np.uint64(128)).astype(np.uint8)[is_written].tobytes()
    return packed


def _unpack_numbers(packed: bytes) -> Numbers:
    found = np.frombuffer(packed, np.uint8)
    if not len(found):
        return np.empty(0, np.uint64)
    starts = np.flatnonzero(np.concatenate(([True], found[:-1] < 128)))
    places = np.arange(len(found)) - np.repeat(starts, np.diff(starts, append=len(found)))
    is_last = places == LONGEST_NUMBER - 1
    if ((places >= LONGEST_NUMBER) | (is_last & (found > LAST_BYTE))).any():
        raise ValueError("a time is longer than a number can be")
    if found[-1] > 127:
        raise ValueError("the last time is cut off")
    numbers: Numbers = np.add.reduceat(
        (found & np.uint64(127)) << (7 * places).astype(np.uint64), starts
    )
    return numbers


def _pack_flags(flags: bytes) -> bytes:
    """Write two bits a placement, the first in the lowest bits of the first byte."""
    padded = np.frombuffer(flags + bytes(-len(flags) % 4), np.uint8).reshape(-1, 4)
    packed: bytes = np.bitwise_or.reduce(padded << FLAG_SHIFTS, axis=1).astype(np.uint8).tobytes()
    return packed


def _unpack_flags(packed: bytes, count: int) -> bytes:
    found = np.frombuffer(packed, np.uint8)[:, None] >> FLAG_SHIFTS & 3
    return found.tobytes()[:count]
