"""The progress of a template on a board: cells that are right, wrong and missing.

`docs/blueprints-api.md` has the definition; the page counts alike.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from blueprints.domain.template import LEAVE, Template
from blueprints.domain.wanted import wanted
from canvas.domain.area import Area

BACKGROUND = 0
RIGHT, WRONG, MISSING = 0, 1, 2
STATES = 3
STRIPE = 2**18  # cells counted at a time

Cells = NDArray[np.uint8]


class Progress(NamedTuple):
    """Counts of cells, and for each index of the template [index, right, wrong, missing]."""

    right: int
    wrong: int
    missing: int
    colors: list[list[int]]


class Counter:
    """Counts a template at (x, y) on a board that changes, a batch of placements at a time.

    It keeps the part of the board that lies under the template.
    """

    def __init__(
        self, template: Template, x: int, y: int, palette: Sequence[str], size: tuple[int, int]
    ) -> None:
        """Begin on a board of this size (width, height), which `start` brings."""
        width, height = size
        left, top = max(0, x), max(0, y)
        right, bottom = min(width, x + template.width), min(height, y + template.height)
        self.area = Area(left, top, max(0, right - left), max(0, bottom - top))
        whole = np.frombuffer(template.cells, np.uint8).reshape(template.height, template.width)
        part = whole[top - y : top - y + self.area.height, left - x : left - x + self.area.width]
        self._template: Cells = part.ravel()
        self._indices = sorted(template.colors)
        self._wanted = wanted(template, palette)
        self._board: Cells = np.zeros(0, np.uint8)
        self._counts = np.zeros((256, STATES), np.int64)

    def start(self, board: Cells) -> None:
        """Count all cells; `board` are those of the area, row by row."""
        self._board = board
        self._counts = self._tally(self._template, board)

    def draw(self, xs: NDArray[np.int64], ys: NDArray[np.int64], colors: Cells) -> bool:
        """Take placements, in order; return whether any lay under the template."""
        area = self.area
        columns, rows = xs - area.x, ys - area.y
        inside = (columns >= 0) & (columns < area.width) & (rows >= 0) & (rows < area.height)
        if not inside.any():
            return False
        positions = (rows * area.width + columns)[inside]
        # of a cell that comes twice the last one counts: the first one of the reversed
        cells, newest = np.unique(positions[::-1], return_index=True)
        drawn = colors[inside][::-1][newest]
        template = self._template[cells]
        self._counts += self._tally(template, drawn) - self._tally(template, self._board[cells])
        self._board[cells] = drawn
        return True

    def progress(self) -> Progress:
        counts = self._counts
        colors = [[index, *counts[index].tolist()] for index in self._indices]
        right, wrong, missing = (sum(each[1 + state] for each in colors) for state in range(STATES))
        return Progress(right, wrong, missing, colors)

    def _tally(self, template: Cells, board: Cells) -> NDArray[np.int64]:
        """Return for each index of the template how many of these cells are in each state."""
        counts = np.zeros(256 * STATES, np.int64)
        for start in range(0, len(template), STRIPE):  # or 16 million would take 0.5 GB meanwhile
            indices = template[start : start + STRIPE]
            cells = board[start : start + STRIPE]
            states = np.where(cells == BACKGROUND, np.uint16(MISSING), np.uint16(WRONG))
            states[self._wanted[indices] == cells] = RIGHT
            keys = indices.astype(np.uint16) * np.uint16(STATES) + states
            counts += np.bincount(keys, minlength=256 * STATES)
        by_index = counts.reshape(256, STATES)
        by_index[LEAVE] = 0
        return by_index
