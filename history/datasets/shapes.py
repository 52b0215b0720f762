"""Rectangles and circles that moderation filled, as cells."""

from collections.abc import Iterator

import numpy as np

from history.datasets.records import CELL, CIRCLE, RECORD, RECTANGLE, Records

STEP = 65_536  # cells that are made at once


def filled(records: Records, size: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Yield the position of each shape among the records, and how many cells it fills."""
    for place in np.flatnonzero(records["shape"] != CELL).tolist():
        yield place, _area(records[place], size)


def _area(record: np.void, size: tuple[int, int]) -> int:
    left, top, right, bottom = _box(record, size)
    if record["shape"] == RECTANGLE:
        return (right - left + 1) * (bottom - top + 1)
    x, y, radius = int(record["x"]), int(record["y"]), int(record["x2"])
    reach = np.sqrt(radius**2 - (np.arange(top, bottom + 1) - y) ** 2).astype(int)
    return int((np.minimum(right, x + reach) - np.maximum(left, x - reach) + 1).sum())


def expanded(records: Records, size: tuple[int, int]) -> Iterator[Records]:
    """Yield records with a cell each, in the same order; the cells of a shape row by row."""
    at = 0
    for place in np.flatnonzero(records["shape"] != CELL).tolist():
        if at < place:
            yield records[at:place]
        yield from _cells(records[place], size)
        at = place + 1
    if at < len(records):
        yield records[at:]


def _cells(record: np.void, size: tuple[int, int]) -> Iterator[Records]:
    """Yield the cells of a shape, as far as they lie on the board."""
    left, top, right, bottom = _box(record, size)
    x, y, radius = int(record["x"]), int(record["y"]), int(record["x2"])
    rows = max(1, STEP // (right - left + 1))
    for first in range(top, bottom + 1, rows):
        ys, xs = np.mgrid[first : min(first + rows, bottom + 1), left : right + 1]
        if record["shape"] == CIRCLE:
            inside = (xs - x) ** 2 + (ys - y) ** 2 <= radius**2
            ys, xs = ys[inside], xs[inside]
        cells = np.full(xs.size, record, RECORD)
        cells["x"], cells["y"], cells["shape"] = xs.ravel(), ys.ravel(), CELL
        yield cells


def _box(record: np.void, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the outermost cells of a shape on the board: left, top, right, bottom."""
    x, y, x2, y2 = (int(record[name]) for name in ("x", "y", "x2", "y2"))
    if record["shape"] == RECTANGLE:
        return x, y, x2, y2
    return max(0, x - x2), max(0, y - x2), min(size[0] - 1, x + x2), min(size[1] - 1, y + x2)
