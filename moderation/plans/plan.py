"""The interface of plans, which tell the cells that an operation draws, a page at a time."""

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple, Protocol, Self, TypedDict

from canvas.domain.area import Area
from canvas.domain.rules import MAX_SIDE, CanvasMeta
from canvas.services import Cell

EVERYWHERE = Area(0, 0, MAX_SIDE, MAX_SIDE)
MAX_SEQ = 2**53  # the largest integer that a form of the browser keeps exactly
MAX_UNSEEN = 5000  # placements since `prepare` that `page` reads under the lock: 20 ms


class Task(TypedDict):
    """A plan as JSON, for `Operation.task`; each plan adds fields of its own."""

    kind: str
    area: Sequence[int]  # x, y, width and height, in cells


class Page(NamedTuple):
    """The next cells to draw, the position behind them, and how many rows or cells it looked at."""

    cells: list[Cell]
    position: int
    looked_at: int
    is_last: bool


class Plan(Protocol):
    """The cells that an operation draws, in order.

    `prepare` reads what a page needs, before the canvas is locked and however long that takes;
    `page` runs under the lock, and only confirms it by what was drawn since, MAX_UNSEEN placements
    at most. Where that was more, or `prepare` needs another turn, the page is empty, at the same
    position. The memory that a plan takes does not grow with the number of placements.
    """

    kind: ClassVar[str]

    @classmethod
    def from_task(cls, task: Any) -> Self:
        """Read the JSON that `task` returned, in this plan's own shape."""

    def task(self) -> Task:
        """Return the plan as JSON."""

    def size(self, meta: CanvasMeta) -> int:
        """Return how far the positions go, in seqs or cells, without a look at any of them."""

    def passed(self, meta: CanvasMeta, position: int) -> int:
        """Return how far a position has come of that."""

    def prepare(self, meta: CanvasMeta, seq: int, position: int, limit: int) -> None:
        """Read for one turn what the page that follows `position` needs, by bounded statements."""

    def page(self, meta: CanvasMeta, seq: int, position: int, limit: int) -> Page:
        """Return at most `limit` cells that follow `position`, for a ledger that ends at `seq`."""
