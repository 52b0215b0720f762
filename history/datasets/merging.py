"""The merging of sorted runs: all placements in the order of their times, in bounded memory."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from history.datasets.records import Records

AT_ONCE = 2**21  # records in memory, over all runs
LEAST = 4096  # records of each run


def merged(runs: Sequence[Path]) -> Iterator[Records]:
    """Yield the records of runs that are sorted by time, in that order.

    Of equal times those of an earlier run come first, and within a run in its order.
    """
    if not runs:
        return
    share = max(LEAST, AT_ONCE // len(runs))
    open_runs = [each for each in (_Run(path, share) for path in runs) if each.fill()]
    while open_runs:
        # Up to the end of the block that ends first, all blocks know what there is.
        limit = min(range(len(open_runs)), key=lambda number: open_runs[number].last)
        time = open_runs[limit].last
        parts = [
            each.take_until(time, including=number <= limit)
            for number, each in enumerate(open_runs)
        ]
        records = np.concatenate(parts)
        yield records[np.argsort(records["time"], kind="stable")]
        open_runs = [each for each in open_runs if each.fill()]


class _Run:
    """A run, of which a block is looked at."""

    def __init__(self, path: Path, share: int) -> None:
        self._records: Records = np.load(path, mmap_mode="r")
        self._share = share
        self._start = 0
        self._times = np.empty(0, np.int64)

    @property
    def last(self) -> int:
        return int(self._times[-1])

    def take_until(self, time: int, *, including: bool) -> Records:
        """Take the records of the block before a time, or up to it."""
        count = int(np.searchsorted(self._times, time, "right" if including else "left"))
        taken = np.array(self._records[self._start : self._start + count])
        self._start += count
        self._times = self._times[count:]
        return taken

    def fill(self) -> bool:
        """Look at the next block where this one is used up; return whether there is one."""
        if not len(self._times):
            block = self._records[self._start : self._start + self._share]
            self._times = np.array(block["time"])
        return len(self._times) > 0
