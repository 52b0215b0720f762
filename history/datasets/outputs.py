"""The files of an export, written: text in gzip, our segments, or Parquet."""

import gzip
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from typing import BinaryIO, ParamSpec, Protocol, Self

from canvas.domain.board import Board
from canvas.domain.columns import Columns
from canvas.ledger import proof, segment_format
from canvas.ledger.segment_format import NO_SEGMENT, Content, Header
from history.datasets.format import Format
from history.datasets.records import Batch
from history.datasets.target import Target
from history.looks import Folding, Look

LEVEL = 1  # of gzip: half of a line is a hash, and 4 takes 1.7 times as long for 4 % of the bytes
SEGMENT_LEVEL = 6  # as the ledger's own
AT_ONCE = 3  # chunks of a file that are made or packed, 6 MB each

Made = ParamSpec("Made")


class Output(Protocol):
    """The form of an export's files. A file has `chunks` chunks of placements at most."""

    chunks: int
    suffix: str

    def write(self, file: BinaryIO, batches: Iterable[Batch], first: int) -> None:
        """Write one file; the first placement has the number `first`."""


class TextOutput:
    """Lines in gzip."""

    chunks = 16  # a million lines

    def __init__(self, format: Format, target: Target) -> None:
        self.suffix = f"{format.suffix}.gz"
        self._header = format.header + b"\n" if format.header else b""
        self._lines = format.writer(target)

    def write(self, file: BinaryIO, batches: Iterable[Batch], first: int) -> None:
        with _Packing(file) as packing:
            packing.write(bytes, self._header)
            for batch in batches:
                packing.write(self._lines, batch, first)
                first += len(batch)


class _Packing:
    """Gzip in a thread, of content that another thread makes, while the next is read."""

    def __init__(self, file: BinaryIO) -> None:
        self._packed = gzip.GzipFile("", "wb", LEVEL, file, mtime=0)
        self._making, self._writing = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self._last: deque[Future[int]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *raised: object) -> None:
        with self._making, self._writing:
            if kind is None:
                self._wait(0)
                self._packed.close()

    def write(self, make: Callable[Made, bytes], *args: Made.args, **kwargs: Made.kwargs) -> None:
        """Write what a function returns; wait while there are AT_ONCE that are not written."""
        self._wait(AT_ONCE - 1)
        made = self._making.submit(make, *args, **kwargs)
        self._last.append(self._writing.submit(lambda: self._packed.write(made.result())))

    def _wait(self, waiting: int) -> None:
        while len(self._last) > waiting:
            self._last.popleft().result()


class SegmentOutput:
    """Our own segments, a file each, as docs/history.md lays them out; the last may be short."""

    chunks = 1
    suffix = "segment.gz"

    def __init__(self, looks: list[Look], board: Board | None = None, before: str = "") -> None:
        """Go on from a board, with the hash of the segment before it, or begin."""
        self._folding = Folding(looks, board)
        self._before = bytes.fromhex(before) if before else NO_SEGMENT

    def write(self, file: BinaryIO, batches: Iterable[Batch], first: int) -> None:
        for batch in batches:
            encoded = segment_format.encode(self._content(batch, first))
            self._before = sha256(encoded).digest()
            file.write(proof.pack(encoded, SEGMENT_LEVEL))

    def _content(self, batch: Batch, first: int) -> Content:
        """Return a segment, and draw it."""
        folding, times = self._folding, batch.times.tolist()
        seqs = range(first, first + len(batch))
        columns = Columns(seqs, batch.xs.tolist(), batch.ys.tolist(), batch.colors.tolist())
        folding.settle(first - 1)
        before = bytes.fromhex(folding.board.sha256()), self._before
        header = Header(first, times[0], folding.look["epoch"], *before)
        folding.draw(columns)
        return Content(header, columns, times, bytes(batch.flags))
