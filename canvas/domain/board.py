"""The board as bytes: the fold of the ledger up to a seq."""

from collections.abc import Iterable

from canvas.domain.pixel import Pixel


class Board:
    """One palette index a pixel, row by row, as of `seq`; 0 is the background."""

    __slots__ = ("cells", "height", "seq", "width")

    def __init__(self, width: int, height: int, seq: int = 0, cells: bytes | None = None) -> None:
        if cells is not None and len(cells) != width * height:
            raise ValueError("the cells are not those of this size")
        self.width = width
        self.height = height
        self.seq = seq
        self.cells = bytearray(width * height) if cells is None else bytearray(cells)

    def apply(self, pixels: Iterable[Pixel]) -> None:
        """Draw the placements that follow `seq`, in order.

        A placement outside of the board is history of a canvas that was larger then: its seq
        counts, its colour has no place.
        """
        width, height, cells = self.width, self.height, self.cells
        for pixel in pixels:
            if pixel.x < width and pixel.y < height:
                cells[pixel.y * width + pixel.x] = pixel.color
            self.seq = pixel.seq
