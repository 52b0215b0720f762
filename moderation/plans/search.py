"""The search for what comes back on cells: made before the canvas is locked, confirmed under it."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads, revisions
from moderation.plans import selection, taken_back
from moderation.plans.plan import MAX_UNSEEN
from moderation.plans.selection import Below, Drawn, Selection

Cell = tuple[int, int]

SHALLOW = 8  # rows of each cell that are looked at first: mostly one of them is kept
BUDGET = 50_000  # rows that one statement looks at, about
MAX_STATEMENTS = 20  # a turn: a search that takes longer goes on in the next one


class Search:
    """Finds the newest placement on each cell that is not selected, as of a seq of the ledger.

    Below a selected one, what a former operation took back is passed over: two people who drew
    over each other are reverted one after the other, and neither comes back.

    However much was drawn on a cell, a statement looks at BUDGET rows, and a turn at so many
    statements.
    """

    def __init__(
        self, chosen: Selection, meta: CanvasMeta, cells: Sequence[Cell], seq: int
    ) -> None:
        self.meta = meta
        self.seq = seq
        self._selection = chosen
        self._taken_back = taken_back.read(meta)
        cuts = revisions.cuts(meta)
        floors = {
            (x, y): max((cut.seq for cut in cuts if x >= cut.width or y >= cut.height), default=0)
            for x, y in cells
        }
        self._open = {cell: Below(*cell, floors[cell], seq + 1) for cell in cells}
        self._kept: dict[Cell, int | None] = dict.fromkeys(cells)
        self._lost: dict[Cell, bool] = dict.fromkeys(cells, False)
        self._is_first = True

    @property
    def is_done(self) -> bool:
        return not self._open

    def go_on(self) -> None:
        """Search for one turn, and then take in what was drawn meanwhile."""
        for _ in range(MAX_STATEMENTS):
            if self.is_done:
                break
            self._look()
        self._take_in_most()

    def confirm(self, seq: int) -> bool:
        """Take in what was drawn up to `seq`, under the lock; return False where it is too much."""
        if seq - self.seq > MAX_UNSEEN:
            return False
        self._take_in(seq)
        return True

    def lost(self) -> dict[Cell, int | None]:
        """Return the cells that have to change, with the seq that comes back; None: background."""
        return {cell: self._kept[cell] for cell, lost in self._lost.items() if lost}

    def _look(self) -> None:
        """Look at the next rows of each cell that is open."""
        depth = SHALLOW if self._is_first else max(1, BUDGET // len(self._open))
        found = dict(_by_cell(selection.newest(self.meta, list(self._open.values()), depth)))
        for cell, below in list(self._open.items()):
            self._judge(cell, below, found.get(cell, []), depth)
        self._is_first = False

    def _judge(self, cell: Cell, below: Below, rows: Sequence[Drawn], depth: int) -> None:
        for row in rows:
            if self._selection.holds(row):
                self._lost[cell] = True
            elif not (self._lost[cell] and self._taken_back.holds(row)):
                self._kept[cell] = row.seq
                break
        else:
            if len(rows) == depth:
                self._open[cell] = below._replace(before=rows[-1].seq)
                return
        del self._open[cell]

    def _take_in_most(self) -> None:
        """Leave little for the time under the lock."""
        head = reads.head(self.meta.slug).seq
        while self.seq < head:
            self._take_in(min(head, self.seq + MAX_UNSEEN))

    def _take_in(self, seq: int) -> None:
        """Draw what was drawn since: it is newer than all that was found or will be."""
        for row in selection.since(self.meta, self.seq, seq):
            if row.cell not in self._kept:
                continue
            self._lost[row.cell] = self._selection.holds(row)
            if not self._lost[row.cell]:
                self._kept[row.cell] = row.seq
                self._open.pop(row.cell, None)
        self.seq = seq


def _by_cell(rows: Sequence[Drawn]) -> Iterator[tuple[Cell, list[Drawn]]]:
    for cell, group in groupby(rows, key=lambda row: row.cell):
        yield cell, list(group)
