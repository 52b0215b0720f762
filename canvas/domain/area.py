"""A rectangle of cells."""

from typing import NamedTuple


class Area(NamedTuple):
    """`width` x `height` cells from the cell (x, y) to the right and down; may reach beyond a
    board.
    """

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column beyond."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row beyond."""
        return self.y + self.height

    def contains(self, x: int, y: int) -> bool:
        return self.x <= x < self.right and self.y <= y < self.bottom

    def within(self, width: int, height: int) -> "Area":
        """Return the part that lies on a board of this size; it may have no cells."""
        return Area(
            self.x,
            self.y,
            max(0, min(self.right, width) - self.x),
            max(0, min(self.bottom, height) - self.y),
        )

    def __str__(self) -> str:
        return f"{self.width} x {self.height} at ({self.x}, {self.y})"
