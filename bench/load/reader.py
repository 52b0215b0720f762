"""What sockets are sent, parsed once however many of them get it."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from bench.load import frames
from bench.load.wires import Cell, Wire

REMEMBERED = 10_000  # chunks, and frames, whose content is known


class Faulty(Exception):
    """A socket lost a message, got one twice or out of order, or was closed."""


class Content(NamedTuple):
    """What a chunk of bytes says."""

    cells: Sequence[Cell]
    others: Sequence[tuple[int, bytes]]  # frames that carry no pixels
    rest: bytes  # the beginning of a frame whose end has not come


class Reader:
    """Remembers chunks, and the frames in them: a chunk with an answer of its own to one socket
    has the same pixels as everyone's, and a generator that decoded them again for each socket
    would fall behind the more, the later it reads.
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._chunks: dict[bytes, Content] = {}
        self._frames: dict[bytes, Sequence[Cell]] = {}

    def read(self, data: bytes) -> Content:
        """Raise Faulty for pixels that do not follow one another."""
        content = self._chunks.get(data)
        if content is None:
            content = self._chunks[data] = self._parse(data)
        return content

    def forget(self) -> None:
        """From time to time: nobody is sent the same again."""
        for known in (self._chunks, self._frames):
            if len(known) > REMEMBERED:
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
