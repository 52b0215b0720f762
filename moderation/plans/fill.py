"""A plan that gives every cell of an area one colour."""

from collections.abc import Iterator
from typing import ClassVar, NamedTuple, Self

from canvas.domain.area import Area
from canvas.domain.board import Board
from canvas.domain.rules import MAX_SIDE, CanvasMeta
from canvas.ledger import fold, reads, tips
from canvas.ledger.faults import Hole
from canvas.services import Cell
from moderation.models import MODERATION
from moderation.plans.plan import MAX_UNSEEN, Page, Task


class FillTask(Task):
    color: int  # palette index
    only: int | None  # palette index


class Found(NamedTuple):
    """The cells to draw from a position on, and where what follows them begins; None: nowhere."""

    position: int
    cells: set[int]  # positions
    until: int | None


class Fill:
    """Draw `color` on the cells of an area that have another colour; with `only`, on those cells
    that have that colour. Both are palette indices.

    A position is a cell: its row times MAX_SIDE, plus its column.
    """

    kind: ClassVar[str] = "fill"

    def __init__(self, area: Area, color: int, only: int | None = None) -> None:
        self.area = area
        self.color = color
        self.only = only
        # a byte for each colour: 1 where it is covered, so that bytes.find looks for the cells
        self._covered = bytes(self._covers(index) for index in range(256))
        self._board: Board | None = None
        self._epoch = 0  # of that board: another size makes another
        self._found: Found | None = None

    @classmethod
    def from_task(cls, task: FillTask) -> Self:
        return cls(Area(*task["area"]), task["color"], task["only"])

    def task(self) -> FillTask:
        return {"kind": self.kind, "area": self.area, "color": self.color, "only": self.only}

    def size(self, meta: CanvasMeta) -> int:
        area = self.area.within(meta.width, meta.height)
        return area.width * area.height

    def passed(self, meta: CanvasMeta, position: int) -> int:
        return self._rank(meta, position)

    def prepare(self, meta: CanvasMeta, seq: int, position: int, limit: int) -> None:
        """Look for the next cells on the board of now."""
        board = self._board
        if board is None or self._epoch != meta.epoch:
            board, self._epoch = tips.load(meta, seq), meta.epoch
            self._board = board
        while board.seq < (head := reads.head(meta.slug).seq):
            _take_in(board, meta, min(head, board.seq + MAX_UNSEEN))
        self._found = self._find(board, meta, position, limit)

    def page(self, meta: CanvasMeta, seq: int, position: int, limit: int) -> Page:
        board, found = self._board, self._found
        if (
            board is None
            or found is None
            or found.position != position
            or self._epoch != meta.epoch
            or seq - board.seq > MAX_UNSEEN
        ):
            return Page([], position, 0, is_last=False)
        self._found = None
        cells = found.cells | self._changed(board, meta, seq, found)
        here = sorted(cell for cell in cells if self._is_covered_at(board, cell))
        until = here[limit] if len(here) > limit else found.until
        return Page(
            cells=[
                Cell(cell % MAX_SIDE, cell // MAX_SIDE, self.color, MODERATION)
                for cell in here[:limit]
            ],
            position=position if until is None else until,
            looked_at=self._rank(meta, until) - self._rank(meta, position),
            is_last=until is None,
        )

    def _changed(self, board: Board, meta: CanvasMeta, seq: int, found: Found) -> set[int]:
        """Draw what is new on the board; return those of its cells that the page goes over."""
        area, changed = self.area.within(meta.width, meta.height), set[int]()
        for columns in fold.pages(meta, board.seq, seq):
            board.draw(columns)
            for x, y in zip(columns.xs, columns.ys, strict=True):
                cell = y * MAX_SIDE + x
                is_ahead = cell >= found.position and (found.until is None or cell < found.until)
                if is_ahead and area.contains(x, y):
                    changed.add(cell)
        return changed

    def _find(self, board: Board, meta: CanvasMeta, position: int, limit: int) -> Found:
        cells = set[int]()
        for cell in self._covered_cells(board, meta, position):
            if len(cells) == limit:
                return Found(position, cells, cell)
            cells.add(cell)
        return Found(position, cells, None)

    def _covered_cells(self, board: Board, meta: CanvasMeta, position: int) -> Iterator[int]:
        """Yield the cells that have to change, from a position on: a row of 4096 takes 5 us."""
        area = self.area.within(meta.width, meta.height)
        first_row, column = divmod(position, MAX_SIDE)
        for y in range(max(area.y, first_row), area.bottom):
            x = max(area.x, column if y == first_row else 0)
            start = y * meta.width
            row = board.cells[start + x : start + area.right].translate(self._covered)
            at = row.find(1)
            while at >= 0:
                yield y * MAX_SIDE + x + at
                at = row.find(1, at + 1)

    def _is_covered_at(self, board: Board, cell: int) -> bool:
        y, x = divmod(cell, MAX_SIDE)
        return bool(self._covered[board.cells[y * board.width + x]])

    def _covers(self, color: int) -> bool:
        return color != self.color if self.only is None else color == self.only

    def _rank(self, meta: CanvasMeta, position: int | None) -> int:
        """Return how many cells of the area come before a position; None: all of them."""
        area = self.area.within(meta.width, meta.height)
        if position is None:
            return self.size(meta)
        y, x = divmod(position, MAX_SIDE)
        rows = min(max(y, area.y), area.bottom) - area.y
        columns = min(max(x, area.x), area.right) - area.x if area.y <= y < area.bottom else 0
        return rows * area.width + columns


def _take_in(board: Board, meta: CanvasMeta, seq: int) -> None:
    """Draw the ledger up to a seq; raise Hole where it ends before."""
    for columns in fold.pages(meta, board.seq, seq):
        board.draw(columns)
    if board.seq < seq:
        raise Hole(board.seq + 1, seq)
