"""The files of an export, written: text in gzip, our segments, or Parquet."""

import gzip
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from typing import BinaryIO, Protocol

from canvas.domain.board import Board
from canvas.domain.columns import Columns
from canvas.ledger import proof, segment_format
from canvas.ledger.segment_format import NO_SEGMENT, Content, Header
from history.datasets.format import Format, Target
from history.datasets.manifest import Look
from history.datasets.records import Batch

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
        """Go on from a board, with the hash of the segment before it, or begin.

        The looks up to the board's seq are its past; those after it may get their seqs later.
        """
        self._board = board or Board(looks[0]["width"], looks[0]["height"])
        self._look = looks[0]
        self._ahead = deque(looks)
        self._before = bytes.fromhex(before) if before else NO_SEGMENT
        while self._ahead and self._ahead[0]["seq"] <= self._board.seq and board:
            self._look = self._ahead.popleft()

    def write(self, file: BinaryIO, batches: Iterable[Batch], first: int) -> None:
        for batch in batches:
            encoded = segment_format.encode(self._content(batch, first))
            self._before = sha256(encoded).digest()
            file.write(proof.pack(encoded, SEGMENT_LEVEL))

    def _content(self, batch: Batch, first: int) -> Content:
        """Return a segment, and draw it."""
        seqs = range(first, first + len(batch))
        columns = Columns(seqs, batch.xs.tolist(), batch.ys.tolist(), batch.colors.tolist())
        times = batch.times.tolist()
        self._settle(first - 1)
        before = bytes.fromhex(self._board.sha256()), self._before
        header = Header(first, times[0], self._look["epoch"], *before)
        self._draw(columns)
        return Content(header, columns, times, bytes(batch.flags))

    def _draw(self, columns: Columns) -> None:
        last = columns.seqs[-1]
        while self._ahead and self._ahead[0]["seq"] < last:
            self._board.draw(columns.between(self._board.seq, self._ahead[0]["seq"]))
            self._settle(self._board.seq)
        self._board.draw(columns.between(self._board.seq, last))

    def _settle(self, seq: int) -> None:
        """Give the board the sizes of the looks up to a seq."""
        while self._ahead and self._ahead[0]["seq"] <= seq:
            self._look = self._ahead.popleft()
            self._board.resize(self._look["width"], self._look["height"])
