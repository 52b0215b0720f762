"""The board as bytes: the fold of the ledger up to a seq."""

from collections.abc import Iterable
from hashlib import sha256

import numpy as np

from canvas.domain.area import Area
from canvas.domain.columns import Columns
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

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    def sha256(self) -> str:
        """Return the SHA-256 of the cells, in hex."""
        return sha256(self.cells).hexdigest()

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

    def draw(self, columns: Columns) -> None:
        """Draw placements as `apply` does, by column: 65,536 take less than 1 ms."""
        if not columns.seqs:
            return
        xs, ys = (np.asarray(column, np.uint32) for column in (columns.xs, columns.ys))
        colors = np.frombuffer(bytes(columns.colors), np.uint8)
        cells = np.frombuffer(self.cells, np.uint8)
        inside = (xs < self.width) & (ys < self.height)
        positions = ys * np.uint32(self.width) + xs
        if inside.all():
            cells[positions] = colors  # of a cell that comes twice the last one stays
        else:
            cells[positions[inside]] = colors[inside]
        self.seq = columns.seqs[-1]

    def clear(self, area: Area) -> None:
        """Give the cells of an area, as far as it lies on the board, the background."""
        part = area.within(self.width, self.height)
        background = bytes(part.width)
        for y in range(part.y, part.y + part.height):
            start = y * self.width + part.x
            self.cells[start : start + part.width] = background

    def resize(self, width: int, height: int) -> None:
        """Cut off the cells beyond another size, and add background where the board grows."""
        if (width, height) == self.size:
            return
        kept, more = min(width, self.width), bytes(max(0, width - self.width))
        cells = bytearray()
        for start in range(0, min(height, self.height) * self.width, self.width):
            cells += self.cells[start : start + kept]
            cells += more
        cells += bytes(width * height - len(cells))
        self.width, self.height, self.cells = width, height, cells
