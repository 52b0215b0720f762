"""Copies of the boards for HTTP: taken from memory at most so often, compressed once each."""

import threading
import time
from functools import cached_property

from canvas.domain.region import Region
from canvas.domain.rules import CanvasMeta
from canvas.ledger import boards, proof
from canvas.pod.relay import Relay
from canvas.pod.stream import Stream
from runtime.answers import Answer, takes_gzip
from runtime.etags import etag_of, is_held

MAX_BEHIND = 65_536  # placements: who fetches a copy has three times as many to join in
CELLS = {"Content-Type": "application/octet-stream", "X-Content-Type-Options": "nosniff"}
REUSE = 20  # a copy serves for so many times what it took to compress: 5 % of a core at most


class BoardCopy:
    """The board at one seq, never to change: one palette index a pixel."""

    def __init__(self, meta: CanvasMeta, seq: int, cells: bytes) -> None:
        self.meta = meta
        self.seq = seq
        self.cells = cells
        self._taken_at = time.monotonic()
        self._lifetime = 0.0
        self._packing = threading.Lock()

    @property
    def etag(self) -> str:
        return f'"{self.meta.epoch}-{self.seq}"'

    def serves(self, stream: Stream) -> bool:
        """Tell whether this is the stream's board, or near enough for the cost of a new copy."""
        fresh = time.monotonic() < self._taken_at + self._lifetime
        near = fresh and stream.last - self.seq <= MAX_BEHIND
        return self.meta == stream.meta and (self.seq == stream.last or near)

    def answer(self, if_none_match: str | None, accept_encoding: str) -> Answer:
        """Return the response to a request with these headers. May take the time to compress."""
        headers = self._headers(self.etag) | {"Vary": "Accept-Encoding"}
        if is_held(if_none_match, self.etag):
            return Answer(304, headers, b"")
        headers |= CELLS
        if takes_gzip(accept_encoding):
            return Answer(200, headers | {"Content-Encoding": "gzip"}, self._pack())
        return Answer(200, headers, self.cells)

    def answer_part(self, part: Region, if_none_match: str | None) -> Answer:
        """Return the response to a request for a part of the board; width and height are of all."""
        etag = etag_of(self.meta.epoch, self.seq, part)
        headers = self._headers(etag)
        if is_held(if_none_match, etag):
            return Answer(304, headers, b"")
        left, top, right, bottom = part.box
        starts = (y * self.meta.width for y in range(top, bottom))
        cells = b"".join([self.cells[start + left : start + right] for start in starts])
        return Answer(200, headers | CELLS, cells)

    def _headers(self, etag: str) -> dict[str, str]:
        return {
            "ETag": etag,
            "Cache-Control": "public, max-age=1",
            "X-Canvas-Seq": str(self.seq),
            "X-Canvas-Epoch": str(self.meta.epoch),
            "X-Canvas-Width": str(self.meta.width),
            "X-Canvas-Height": str(self.meta.height),
        }

    @property
    def is_packed(self) -> bool:
        return "_packed" in self.__dict__

    def _pack(self) -> bytes:
        """Return the cells, gzipped; threads that ask at the same time wait for one of them."""
        with self._packing:
            return self._packed

    @cached_property
    def _packed(self) -> bytes:
        started = time.monotonic()
        packed = proof.pack(self.cells, boards.QUICK)
        self._lifetime = REUSE * (time.monotonic() - started)
        return packed


class BoardCache:
    """The newest copy of each board that was asked for."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._newest: dict[str, BoardCopy] = {}

    def forget(self, slug: str) -> None:
        """Drop the copy of a board that leaves memory or is read anew."""
        self._newest.pop(slug, None)

    async def newest(self, slug: str) -> BoardCopy:
        """Return a copy of the board as it is now, or nearly; raise UnknownCanvas, Busy."""
        stream = await self._relay.stream(slug)
        copy = self._newest.get(slug)
        if copy is None or not copy.serves(stream):
            copy = BoardCopy(stream.meta, stream.last, bytes(stream.board.cells))
            self._newest[slug] = copy
        return copy
