"""Cells of the canvas that the migrations make, each given once: drawing there is a change."""

import itertools

SIDE = 1000
CELLS = SIDE * SIDE
STEP = 618_033  # without a common divisor with CELLS: multiples meet every cell before one twice
_numbers = itertools.count(1)


def fresh_cell() -> tuple[int, int]:
    """Return x and y of a cell that no call in this process has returned before."""
    y, x = divmod(next(_numbers) * STEP % CELLS, SIDE)
    return x, y
