"""The formats of data sets: what each reads and writes, and what it knows of a canvas."""

from collections.abc import Callable
from dataclasses import dataclass

from history.datasets.layouts import Layout
from history.datasets.records import Batch
from history.datasets.target import Target

Line = Callable[[bytes], bytes]  # a line of a file, as a record


@dataclass(frozen=True)
class Format:
    """A text format, a line a placement. A header of b"" is none.

    `flags` are those of a segment that it carries. `reader` reads any line, one by one, and
    `layouts` are those that are read in columns.
    """

    name: str
    header: bytes
    reader: Callable[[Target], Line]
    writer: Callable[[Target], Callable[[Batch, int], bytes]]
    layouts: tuple[Layout, ...]
    suffix: str = "csv"
    flags: int = 0
    palette: tuple[str, ...] = ()
    size: tuple[int, int] | None = None
    origin: tuple[int, int] = (0, 0)
