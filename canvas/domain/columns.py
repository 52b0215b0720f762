"""Placements by column, as a board takes them."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple


class Columns(NamedTuple):
    """The seqs, cells and palette indices of placements, in the order of their seqs."""

    seqs: Sequence[int]
    xs: Sequence[int]
    ys: Sequence[int]
    colors: Sequence[int]

    def between(self, since: int, until: int) -> "Columns":
        """Return those after `since` up to `until`."""
        start, end = bisect_right(self.seqs, since), bisect_right(self.seqs, until)
        if (start, end) == (0, len(self.seqs)):
            return self
        return Columns(*(column[start:end] for column in self))
