"""Counting cell by cell, as `docs/blueprints-api.md` says it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from blueprints.domain.progress import Counter, Progress
from blueprints.domain.template import LEAVE, Template


def brute_force(
    made: Template, x: int, y: int, board: Sequence[Sequence[int]], palette: Sequence[str]
) -> Progress:
    """Return the progress of a template at (x, y) on a board, a list of rows."""
    counts = {index: [0, 0, 0] for index in sorted(made.colors)}
    for row in range(made.height):
        for column in range(made.width):
            index = made.cells[row * made.width + column]
            inside = 0 <= y + row < len(board) and 0 <= x + column < len(board[0])
            if index == LEAVE or not inside:
                continue
            color, has = made.colors[index], board[y + row][x + column]
            if color in palette:
                wish = list(palette).index(color)
            else:
                wish = index if index < len(palette) else -1
            if wish == LEAVE:
                wish = -1
            counts[index][0 if has == wish else 2 if has == 0 else 1] += 1
    right, wrong, missing = (sum(each[state] for each in counts.values()) for state in range(3))
    return Progress(right, wrong, missing, [[index, *each] for index, each in counts.items()])


def counter(made: Template, x: int, y: int, board: Any, palette: Sequence[str]) -> Counter:
    cells = np.array(board, np.uint8)
    found = Counter(made, x, y, palette, (cells.shape[1], cells.shape[0]))
    area = found.area
    part = cells[area.y : area.y + area.height, area.x : area.x + area.width]
    found.start(part.ravel().copy())
    return found
