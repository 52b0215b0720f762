"""The search for what comes back on cells: made before the canvas is locked, confirmed under it."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads, revisions
from moderation.plans import selection
from moderation.plans.plan import MAX_UNSEEN
from moderation.plans.selection import Below, Drawn, Selection
from moderation.plans.taken_back import TakenBack

Cell = tuple[int, int]

SHALLOW = 8  # rows of each cell that are looked at first: mostly one of them is kept
BUDGET = 50_000  # rows that one statement looks at, about
MAX_STATEMENTS = 20  # a turn: a search that takes longer goes on in the next one


class Turn(NamedTuple):
    """The length of a turn: statements, and rows that each of them looks at, about."""

    statements: int
    budget: int


class Search:
    """Finds on each cell the newest placement that is not selected, as of a seq of the ledger.

    Below a selected one, what a former operation took back is passed over: two people who drew
    over each other are reverted one after the other, and neither comes back. So is what
    restorations have drawn: it is found again from what lies below, by the operations that stand
    now. In an undo that holds for the newest placement as well.

    However much was drawn on a cell, a statement looks at a number of rows, and a turn has a
    number of statements.
    """

    def __init__(
        self,
        chosen: Selection,
        meta: CanvasMeta,
        cells: Sequence[Cell],
        seq: int,
        taken_back: TakenBack,
        *,
        is_undo: bool = False,
        turn: Turn | None = None,
    ) -> None:
        self.meta = meta
        self.seq = seq
        self._selection = chosen
        self._is_undo = is_undo
        self._turn = turn or Turn(MAX_STATEMENTS, BUDGET)
        self._taken_back = taken_back
        cuts = revisions.cuts(meta)
        self._floors = {
            (x, y): max((cut.seq for cut in cuts if x >= cut.width or y >= cut.height), default=0)
            for x, y in cells
        }
        self._open = {cell: Below(*cell, floor, seq + 1) for cell, floor in self._floors.items()}
        self._lost: dict[Cell, Drawn] = {}  # the newest of a cell, where it has to go
        self._kept: dict[Cell, Drawn | None] = dict.fromkeys(cells)
        self._is_first = True

    @property
    def is_done(self) -> bool:
        return not self._open

    @property
    def is_outdated(self) -> bool:
        """Tell whether other operations than at the start have to be taken into account."""
        return self._taken_back.is_outdated

    def go_on(self) -> None:
        """Search for one turn, and then take in what was drawn meanwhile."""
        for _ in range(self._turn.statements):
            if self.is_done:
                break
            self._look()
        self._take_in_most()

    def confirm(self, seq: int) -> bool:
        """Take in what was drawn up to `seq`, under the lock; return False where it is too much,
        or changes what comes back.
        """
        if seq - self.seq > MAX_UNSEEN or self.is_outdated:
            return False
        self._take_in(seq)
        return self.is_done

    def lost(self) -> dict[Cell, int | None]:
        """Return the cells that have to change, with the seq that comes back; None: background."""
        return {
            cell: None if kept is None else kept.seq
            for cell, lost in self._lost.items()
            if not self._shows(lost, kept := self._kept[cell])
        }

    def _look(self) -> None:
        """Look at the next rows of each cell that is open."""
        depth = SHALLOW if self._is_first else max(1, self._turn.budget // len(self._open))
        found = dict(_by_cell(selection.newest(self.meta, list(self._open.values()), depth)))
        for cell, below in list(self._open.items()):
            self._judge(cell, below, found.get(cell, []), depth)
        self._is_first = False

    def _judge(self, cell: Cell, below: Below, rows: Sequence[Drawn], depth: int) -> None:
        for row in rows:
            if cell not in self._lost and self._is_lost(row):
                self._lost[cell] = row
            elif cell not in self._lost or not self._is_passed_over(row):
                self._kept[cell] = row
                break
        else:
            if len(rows) == depth:
                self._open[cell] = below._replace(before=rows[-1].seq)
                return
        del self._open[cell]

    def _is_lost(self, newest: Drawn) -> bool:
        return self._selection.holds(newest) or (
            self._is_undo and self._taken_back.is_of_restoration(newest)
        )

    def _is_passed_over(self, row: Drawn) -> bool:
        found = self._taken_back
        return self._selection.holds(row) or found.is_of_restoration(row) or found.holds(row)

    def _shows(self, newest: Drawn, kept: Drawn | None) -> bool:
        """Tell whether a restoration has brought back the same already."""
        origin = None if kept is None else kept.restores or kept.seq
        return self._taken_back.is_of_restoration(newest) and newest.restores == origin

    def _take_in_most(self) -> None:
        """Leave little for the time under the lock."""
        head = reads.head(self.meta.slug).seq
        while self.seq < head:
            self._take_in(min(head, self.seq + MAX_UNSEEN))

    def _take_in(self, seq: int) -> None:
        """Draw what was drawn since: it is newer than all that was found or will be."""
        for row in selection.since(self.meta, self.seq, seq):
            if row.cell in self._kept:
                self._take_in_one(row)
        self.seq = seq

    def _take_in_one(self, row: Drawn) -> None:
        cell = row.cell
        if not self._is_lost(row):
            self._lost.pop(cell, None)
            self._kept[cell] = row
            self._open.pop(cell, None)
            return
        if cell not in self._lost and cell not in self._open:
            stayed = self._kept[cell]
            if stayed is not None and self._is_passed_over(stayed):
                self._kept[cell] = None
                self._open[cell] = Below(*cell, self._floors[cell], stayed.seq)
        self._lost[cell] = row


def _by_cell(rows: Sequence[Drawn]) -> Iterator[tuple[Cell, list[Drawn]]]:
    for cell, group in groupby(rows, key=lambda row: row.cell):
        yield cell, list(group)
