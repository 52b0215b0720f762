"""A parser of received bytes that parses the same bytes only once for all sockets."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from bench.load import frames
from bench.load.wires import Cell, Wire

MAX_REMEMBERED = 10_000  # chunks, and frames


class Faulty(Exception):
    """Raised when a socket lost a message, got one twice or out of order, or was closed."""


class Content(NamedTuple):
    """The content of a chunk of bytes."""

    cells: Sequence[Cell]
    others: Sequence[tuple[int, bytes]]  # frames that carry no pixels
    rest: bytes  # the beginning of a frame that is not complete


class Reader:
    """A parser that remembers chunks, and the frames in them.

    Frames are remembered apart, because an answer to one socket makes its chunk differ from the
    others, with the same pixels in it. A generator that decoded them again for each socket
    would fall behind.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._chunks: dict[bytes, Content] = {}
        self._frames: dict[bytes, Sequence[Cell]] = {}

    def read(self, data: bytes) -> Content:
        """Parse a chunk; raise Faulty for pixels whose seqs do not follow one another."""
        content = self._chunks.get(data)
        if content is None:
            content = self._chunks[data] = self._parse(data)
        return content

    def forget(self) -> None:
        """Empty a memory that has grown too large: old chunks do not come again."""
        for known in (self._chunks, self._frames):
            if len(known) > MAX_REMEMBERED:
                known.clear()

    def _parse(self, data: bytes) -> Content:
        whole, rest = frames.split(data)
        cells: list[Cell] = []
        others = []
        for opcode, payload in whole:
            found = self._cells(opcode, payload)
            if not found:
                others.append((opcode, payload))
                continue
            if cells:
                _check(cells[-1], found[0])
            cells.extend(found)
        return Content(cells, others, rest)

    def _cells(self, opcode: int, payload: bytes) -> Sequence[Cell]:
        cells = self._frames.get(payload)
        if cells is None:
            cells = self._wire.cells(opcode, payload)
            for before, after in pairwise(cells):
                _check(before, after)
            if cells:
                self._frames[payload] = cells
        return cells


def _check(before: Cell, after: Cell) -> None:
    if after.seq != before.seq + 1:
        raise Faulty(f"got {after.seq} after {before.seq}")
