"""The files of an export, written: text in gzip, our segments, or Parquet."""

import gzip
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from typing import BinaryIO, Protocol

from canvas.domain.board import Board
from canvas.domain.columns import Columns
from canvas.ledger import proof, segment_format
from canvas.ledger.segment_format import NO_SEGMENT, Content, Header
from history.datasets.format import Format
from history.datasets.records import Batch
from history.datasets.target import Target
from history.looks import Folding, Look

LEVEL = 4  # of gzip: 6 takes twice as long, for a tenth of the bytes
SEGMENT_LEVEL = 6  # as the ledger's own


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
        with _packing(file) as packing:
            packing.write(self._header)
            for batch in batches:
                packing.write(self._lines(batch, first))
                first += len(batch)


@contextmanager
def _packing(file: BinaryIO) -> Iterator["_Packing"]:
    with ThreadPoolExecutor(1) as thread:
        packed = gzip.GzipFile("", "wb", LEVEL, file, mtime=0)
        packing = _Packing(packed, thread)
        yield packing
        packing.wait()
        packed.close()


class _Packing:
    """Gzip in a thread: the next lines are made meanwhile."""

    def __init__(self, packed: gzip.GzipFile, thread: ThreadPoolExecutor) -> None:
        self._packed, self._thread = packed, thread
        self._last: Future[int] | None = None

    def write(self, content: bytes) -> None:
        self.wait()
        self._last = self._thread.submit(self._packed.write, content)

    def wait(self) -> None:
        if self._last is not None:
            self._last.result()


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
