"""The window: the next placements of a selection, read ahead, and the cells that they are on."""

from array import array
from bisect import bisect_right
from typing import NamedTuple

from canvas.domain.rules import MAX_SIDE, CanvasMeta
from moderation.plans.plan import MAX_SEQ
from moderation.plans.selection import Selection

SIZE = 250_000  # placements read at once: 3 MB


class Step(NamedTuple):
    """The next cells, once each, and the seqs from `position` to `until` that they stand for."""

    position: int
    until: int
    cells: tuple[tuple[int, int], ...]
    looked_at: int  # placements
    is_last: bool


class Window:
    """Holds seqs and cells of a selection: its rows never change, so what was read stays right.

    Not read a page at a time: where PostgreSQL has no statistics of the people yet, as of an
    operation that has just ended, it would read and sort all their rows for each page.
    """

    def __init__(self) -> None:
        self._seqs = array("q")  # in order
        self._cells = array("I")  # a row times MAX_SIDE, plus a column
        self._read_from = MAX_SEQ  # they follow this one
        self._read_for = (0, 0)  # the size of the board at that time
        self._is_rest = False  # no more follow

    def load(self, chosen: Selection, meta: CanvasMeta, position: int) -> None:
        """Read what follows a position, where it is not here."""
        size = (meta.width, meta.height)
        has_some = self._is_rest or bisect_right(self._seqs, position) < len(self._seqs)
        if has_some and self._read_from <= position and self._read_for == size:
            return
        rows = chosen.named(meta).filter(seq__gt=position).order_by("seq")
        self._seqs, self._cells = array("q"), array("I")
        for seq, x, y in rows.values_list("seq", "x", "y")[:SIZE]:
            self._seqs.append(seq)
            self._cells.append(y * MAX_SIDE + x)
        self._read_from, self._read_for = position, size
        self._is_rest = len(self._seqs) < SIZE

    def step(self, position: int, limit: int) -> Step:
        """Return up to `limit` cells that follow a position; however often one was drawn on, it
        counts once.
        """
        start = end = bisect_right(self._seqs, position)
        cells: dict[int, None] = {}
        while end < len(self._seqs):
            if self._cells[end] not in cells and len(cells) == limit:
                break
            cells[self._cells[end]] = None
            end += 1
        return Step(
            position=position,
            until=self._seqs[end - 1] if end > start else position,
            cells=tuple((cell % MAX_SIDE, cell // MAX_SIDE) for cell in cells),
            looked_at=end - start,
            is_last=self._is_rest and end == len(self._seqs),
        )
