"""Redactions: areas of the past that must not be shown."""

from collections.abc import Iterable
from typing import NamedTuple

from canvas.domain.area import Area
from canvas.domain.board import Board


class Redaction(NamedTuple):
    """An area whose cells are shown as background on the boards of the seqs `first` to `last`."""

    x: int
    y: int
    width: int
    height: int
    first_seq: int
    last_seq: int

    @property
    def area(self) -> Area:
        return Area(self.x, self.y, self.width, self.height)

    def hides(self, seq: int) -> bool:
        return self.first_seq <= seq <= self.last_seq

    def __str__(self) -> str:
        return f"{self.area}, seqs {self.first_seq} to {self.last_seq}"


def redact(board: Board, redactions: Iterable[Redaction]) -> None:
    """Clear what must not be shown of a board at its seq."""
    for each in redactions:
        if each.hides(board.seq):
            board.clear(each.area)
