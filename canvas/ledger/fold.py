"""The fold: the board of a canvas, as the rows and the revisions of its ledger make it."""

from collections import deque
from collections.abc import Iterator

from canvas.domain.board import Board
from canvas.domain.columns import Columns
from canvas.domain.rules import CanvasMeta
from canvas.ledger import revisions
from canvas.models import Placement

PAGE = 5000  # rows of the ledger in memory at once


class Fold:
    """A board on its way along the ledger, resized where its canvas was.

    A revision with the seq of a placement applies after it. Only those up to the revision of
    `meta` count.
    """

    def __init__(self, meta: CanvasMeta, board: Board | None = None, revision: int = 0) -> None:
        """Go on from a board under the rules of a revision, or begin with the oldest."""
        self.meta = meta
        self._ahead = deque(revisions.changes(meta, revision))
        self.rules = self._ahead.popleft()
        self.board = board or Board(self.rules.width, self.rules.height)

    @property
    def seq(self) -> int:
        return self.board.seq

    def take(self, columns: Columns) -> None:
        """Draw placements that follow the board's seq."""
        if not columns.seqs:
            return
        last = columns.seqs[-1]
        while self._ahead and self._ahead[0].seq < last:
            self.board.draw(columns.between(self.seq, self._ahead[0].seq))
            self._change()
        self.board.draw(columns.between(self.seq, last))

    def settle(self, until: int, revision: int | None = None) -> None:
        """Apply the revisions at the end of `until`, which the placements have reached; all of
        them, or those up to one.
        """
        while self._ahead and self._ahead[0].seq <= until:
            if revision is not None and self._ahead[0].revision > revision:
                return
            self._change()

    def _change(self) -> None:
        self.rules = self._ahead.popleft()
        self.board.resize(self.rules.width, self.rules.height)


def pages(meta: CanvasMeta, seq: int, until: int) -> Iterator[Columns]:
    """Yield the ledger after `seq` and up to `until`, a page at a time."""
    rows = Placement.objects.filter(canvas_id=meta.id, seq__lte=until).order_by("seq")
    fields = rows.values_list("seq", "x", "y", "color")
    while page := list(fields.filter(seq__gt=seq)[:PAGE]):
        yield Columns(*zip(*page, strict=True))
        seq = page[-1][0]
