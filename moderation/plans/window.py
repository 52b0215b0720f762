"""The window: the next placements of a selection, read ahead, and the cells that they are on."""

from bisect import bisect_right
from typing import NamedTuple

from canvas.domain.rules import MAX_SIDE, CanvasMeta
from moderation.plans import stretch
from moderation.plans.selection import Selection


class Step(NamedTuple):
    """The next cells, once each, and the seqs from `position` to `until` that they stand for.

    There may be none, where nothing is selected for long.
    """

    position: int
    until: int
    cells: tuple[tuple[int, int], ...]
    looked_at: int  # placements
    is_last: bool


class Window:
    """Holds a stretch of a selection: its rows never change, so what was read stays right.

    Not read a page at a time: where PostgreSQL has no statistics of the people yet, as of an
    operation that has just ended, it would read and sort all their rows for each page.
    """

    def __init__(self, ahead: int | None = None) -> None:
        """`ahead` is the number of rows that it reads at a time, by default stretch.SIZE."""
        self._ahead = stretch.SIZE if ahead is None else ahead
        self._stretch: stretch.Stretch | None = None
        self._read_from = 0  # it follows this seq
        self._read_for = (0, 0)  # the size of the board at that time

    def step(self, chosen: Selection, meta: CanvasMeta, position: int, limit: int) -> Step:
        """Return up to `limit` cells that follow a position; however often one was drawn on, it
        counts once.
        """
        held = self._held(chosen, meta, position)
        start = end = bisect_right(held.seqs, position)
        cells: dict[int, None] = {}
        while end < len(held.seqs):
            if held.cells[end] not in cells and len(cells) == limit:
                break
            cells[held.cells[end]] = None
            end += 1
        is_all = end == len(held.seqs)
        return Step(
            position=position,
            until=max(position, held.until) if is_all else held.seqs[end - 1],
            cells=tuple((cell % MAX_SIDE, cell // MAX_SIDE) for cell in cells),
            looked_at=end - start,
            is_last=is_all and held.is_last,
        )

    def _held(self, chosen: Selection, meta: CanvasMeta, position: int) -> stretch.Stretch:
        """Return the stretch with what follows a position; read it, where it is not here."""
        size, held = (meta.width, meta.height), self._stretch
        if (
            held is None
            or self._read_from > position
            or self._read_for != size
            or (position >= held.until and not held.is_last)
        ):
            held = self._stretch = stretch.read(chosen, meta, position, self._ahead)
            self._read_from, self._read_for = position, size
        return held
