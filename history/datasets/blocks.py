"""Blocks: whole lines of a text file that follow one another, as bytes and as NumPy has them."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

NEWLINE = ord("\n")

Positions = npt.NDArray[np.int64]


class Spans(NamedTuple):
    """A text of each of some lines: its first byte, and the one after its last."""

    starts: Positions
    ends: Positions


class Block:
    """Whole lines, each with its end; those of Windows lose the half of it."""

    def __init__(self, text: bytes) -> None:
        first = text.find(b"\n")
        if first > 0 and text[first - 1 : first] == b"\r":
            text = text.replace(b"\r\n", b"\n")
        self.text = text
        self.bytes = np.frombuffer(text, np.uint8)
        self._ends = np.flatnonzero(self.bytes == NEWLINE)
        self._starts = np.concatenate(([0], self._ends + 1))[:-1]

    def __len__(self) -> int:
        return len(self._ends)

    @property
    def lines(self) -> Spans:
        return Spans(self._starts, self._ends)

    def line(self, place: int) -> bytes:
        """Return a line without its end; `place` counts from 0."""
        return self.text[self._starts[place] : self._ends[place]]

    def without_first(self) -> "Block":
        """Return the block after a header."""
        return Block(self.text[self._ends[0] + 1 :])

    def fields(self, separator: bytes, count: int) -> tuple[Positions, list[Spans]]:
        """Return the places of the lines with so many fields, and where each field is in them."""
        found = np.flatnonzero(self.bytes == ord(separator))
        until = np.searchsorted(found, self._ends)
        before = np.concatenate(([0], until[:-1]))
        places = np.flatnonzero(until - before == count - 1)
        cuts = found[before[places, None] + np.arange(count - 1)]
        starts = [self._starts[places], *(cuts.T + 1)]
        ends = [*cuts.T, self._ends[places]]
        return places, [Spans(*pair) for pair in zip(starts, ends, strict=True)]

    def texts(self, spans: Spans) -> list[bytes]:
        pairs = zip(spans.starts.tolist(), spans.ends.tolist(), strict=True)
        return [self.text[start:end] for start, end in pairs]
