"""A WebSocket client that checks the order of pixels, cheap enough to open thousands."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from canvas.protocol.frames import SUBPROTOCOL, decode_pixels
from tests.support.handshake import upgrade
from tests.support.raw_websocket import BINARY, CLOSE, PING, PONG, TEXT, frame


class Watcher(asyncio.Protocol):
    """A client that follows a canvas in `pixels.v1` from the seq `since`.

    `faults` lists seqs out of order. With `timed`, `seen_at` has the arrival of each seq by the
    event loop's clock.
    """

    def __init__(self, url: str, since: int = 0, *, cookie: str = "", timed: bool = False) -> None:
        parts = urlsplit(url)
        self.address = parts.hostname or "", parts.port or 80
        self.last = since
        self.cells: dict[tuple[int, int], int] = {}
        self.faults: list[str] = []
        self.events: list[dict[str, Any]] = []
        self.seen_at: dict[int, float] = {}
        self.closed: int | None = None
        self._path = f"{parts.path}?since={since}"
        self._cookie = cookie
        self._timed = timed
        self._buffer = b""
        self._open = False
        self._changed = asyncio.Event()
        self._transport: asyncio.Transport | None = None

    async def connect(self) -> "Watcher":
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, *self.address)
        await self.until(lambda: any(event["type"] == "hello" for event in self.events))
        return self

    def send(self, event: dict[str, Any]) -> None:
        self._write(TEXT, json.dumps(event).encode())

    async def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
            await self.until(lambda: self._transport is None)

    async def until(self, condition: Any, seconds: float = 20) -> None:
        """Wait until the condition holds; it is checked whenever data has come."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def reach(self, seq: int, seconds: float = 20) -> None:
        await self.until(lambda: self.last >= seq or self.faults, seconds)

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]

    def newest(self, kind: str) -> dict[str, Any]:
        """Return the last event of that type, empty if none has come."""
        return next(iter(reversed(self.of_type(kind))), {})

    # --- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        cookie = f"Cookie: {self._cookie}" if self._cookie else ""
        transport.write(upgrade(self.address, self._path, SUBPROTOCOL, cookie))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._open:
            head, found, self._buffer = self._buffer.partition(b"\r\n\r\n")
            if not found:
                self._buffer = head
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            self._open = True
        while (taken := self._take_frame()) is not None:
            self._handle(*taken)
        self._changed.set()

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = self.closed or 1006
        self._transport = None
        self._changed.set()

    # --- frames

    def _take_frame(self) -> tuple[int, bytes] | None:
        """Take the next whole frame; those of our server are not masked or fragmented."""
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        opcode, size, start = buffer[0] & 15, buffer[1], 2
        if size >= 126:
            start = 4 if size == 126 else 10
            if len(buffer) < start:
                return None
            size = int.from_bytes(buffer[2:start], "big")
        if len(buffer) < start + size:
            return None
        self._buffer = buffer[start + size :]
        return opcode, buffer[start : start + size]

    def _handle(self, opcode: int, payload: bytes) -> None:
        if opcode == BINARY:
            self._apply(decode_pixels(payload))
        elif opcode == TEXT:
            self.events.append(json.loads(payload))
        elif opcode == PING:
            self._write(PONG, payload)
        elif opcode == CLOSE:
            self.closed = int.from_bytes(payload[:2], "big")
            self._write(CLOSE, payload[:2])

    def _apply(self, pixels: Iterable[tuple[int, int, int, int]]) -> None:
        for seq, x, y, color in pixels:
            if seq != self.last + 1:
                self.faults.append(f"{seq} after {self.last}")
            self.last = seq
            self.cells[x, y] = color
            if self._timed:
                self.seen_at[seq] = asyncio.get_running_loop().time()

    def _write(self, opcode: int, payload: bytes) -> None:
        assert self._transport is not None
        self._transport.write(frame(opcode, payload))
