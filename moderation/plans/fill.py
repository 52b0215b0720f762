"""A plan that gives every cell of an area one colour."""

from collections.abc import Iterator
from typing import ClassVar, Self

from canvas.domain.area import Area
from canvas.domain.board import Board
from canvas.domain.rules import MAX_SIDE, CanvasMeta
from canvas.ledger import fold, tips
from canvas.services import Cell
from moderation.models import MODERATION
from moderation.plans.plan import Page, Task


class FillTask(Task):
    color: int  # palette index
    only: int | None  # palette index


class Fill:
    """Draw `color` on the cells of an area that have another colour; with `only`, on those cells
    that have that colour. Both are palette indices.
    """

    kind: ClassVar[str] = "fill"

    def __init__(self, area: Area, color: int, only: int | None = None) -> None:
        self.area = area
        self.color = color
        self.only = only
        self._board: Board | None = None
        self._epoch = 0  # of that board: another size makes another

    @classmethod
    def from_task(cls, task: FillTask) -> Self:
        return cls(Area(*task["area"]), task["color"], task["only"])

    def task(self) -> FillTask:
        return {"kind": self.kind, "area": self.area, "color": self.color, "only": self.only}

    def size(self, meta: CanvasMeta) -> int:
        area = self.area.within(meta.width, meta.height)
        return area.width * area.height

    def prepare(self, meta: CanvasMeta, seq: int, position: int) -> None:
        self._board_at(meta, seq)

    def page(self, meta: CanvasMeta, seq: int, position: int, limit: int) -> Page:
        """A position is a cell: its row times MAX_SIDE, plus its column."""
        cells: list[Cell] = []
        looked_at = 0
        for x, y, row in self._rows(self._board_at(meta, seq), meta, position):
            for column, color in enumerate(row, x):
                if self._covers(color):
                    if len(cells) == limit:
                        return Page(cells, y * MAX_SIDE + column, looked_at, is_last=False)
                    cells.append(Cell(column, y, self.color, MODERATION))
                looked_at += 1
        return Page(cells, position, looked_at, is_last=True)

    def _covers(self, color: int) -> bool:
        return color != self.color if self.only is None else color == self.only

    def _rows(
        self, current: Board, meta: CanvasMeta, position: int
    ) -> Iterator[tuple[int, int, bytearray]]:
        """Yield column, row and colours of each row of the area, from a position on."""
        area = self.area.within(meta.width, meta.height)
        first_row, column = divmod(position, MAX_SIDE)
        for y in range(max(area.y, first_row), area.bottom):
            x = max(area.x, column if y == first_row else 0)
            yield x, y, current.cells[y * meta.width + x : y * meta.width + area.right]

    def _board_at(self, meta: CanvasMeta, seq: int) -> Board:
        """Read the board once, and from then on only the placements that are new."""
        current = self._board
        if current is None or self._epoch != meta.epoch:
            current, self._epoch = tips.load(meta, seq), meta.epoch
            self._board = current
        for columns in fold.pages(meta, current.seq, seq):
            current.draw(columns)
        return current
