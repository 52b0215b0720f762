"""Sorted records as the strips that a ledger loads."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from canvas.ledger.loading import Strip
from history.datasets import merging, shapes
from history.datasets.digest import CHUNK
from history.datasets.records import Records


def sorted_strips(files: Sequence[Path], size: tuple[int, int]) -> Iterator[Strip]:
    """Yield sorted placements, CHUNK at once."""
    waiting: list[Records] = []
    count = 0
    for block in merging.merged(files):
        for cells in shapes.expanded(block, size):
            waiting.append(cells)
            count += len(cells)
            if count >= CHUNK:
                whole = np.concatenate(waiting)
                for start in range(0, count - CHUNK + 1, CHUNK):
                    yield _strip(whole[start : start + CHUNK])
                waiting = [whole[count - count % CHUNK :]]
                count %= CHUNK
    if count:
        yield _strip(np.concatenate(waiting))


def _strip(records: Records) -> Strip:
    return Strip(
        records["time"].copy(),
        records["x"].astype(np.uint16),
        records["y"].astype(np.uint16),
        records["color"].copy(),
        records["flags"].copy(),
        records["person"].copy(),
    )
