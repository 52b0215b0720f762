"""Text as records: lines as they usually are at once, by columns, and the others one by one."""

import numpy as np

from history.datasets.blocks import Block
from history.datasets.format import Format
from history.datasets.layouts import read_usual
from history.datasets.records import RECORD, Records
from history.datasets.target import Target
from history.errors import BadValue


class BadLine(BadValue):
    """A line that cannot be read; `place` counts from 0 in its block."""

    def __init__(self, place: int, reason: str) -> None:
        super().__init__(reason)
        self.place = place


class Reader:
    """Reads the lines of a format for a canvas."""

    def __init__(self, format: Format, target: Target) -> None:
        self._line, self._layouts, self._target = format.reader(target), format.layouts, target

    def read(self, block: Block) -> Records:
        """Return a record for each line; raise BadLine for the first that is wrong."""
        records = np.zeros(len(block), RECORD)
        is_left = np.ones(len(block), bool)
        for layout in self._layouts:
            is_left &= ~read_usual(block, layout, self._target, records)
        for place in np.flatnonzero(is_left).tolist():
            try:
                packed = self._line(block.line(place))
            except BadValue as error:
                raise BadLine(place, str(error)) from None
            records[place] = np.frombuffer(packed, RECORD)[0]
        return records
