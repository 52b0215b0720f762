"""One WebSocket of a client: bytes in, frames out."""

import asyncio
from collections.abc import Callable
from typing import cast

import orjson

from bench.load import frames
from canvas.protocol.frames import SUBPROTOCOL
from tests.support.handshake import upgrade

NOT_CLOSED = 1006  # the code of a connection that ends without a close frame
NORMAL = (1000).to_bytes(2, "big")
Hear = Callable[["Socket", int, bytes], None]


class Socket(asyncio.Protocol):
    """A connection; `ended` is the code that it ends with, `greeted` is done after hello."""

    def __init__(self, port: int, path: str, headers: str, hear: Hear) -> None:
        self.port = port
        loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[int] = loop.create_future()
        self.greeted: asyncio.Future[None] = loop.create_future()
        self._request = upgrade(("127.0.0.1", port), path, SUBPROTOCOL, headers)
        self._hear = hear
        self._rest = b""
        self._is_open = False
        self._code = NOT_CLOSED
        self._transport: asyncio.Transport | None = None

    async def connect(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, "127.0.0.1", self.port)

    def say(self, message: dict[str, str | int]) -> None:
        self._write(frames.TEXT, orjson.dumps(message))

    def close(self) -> None:
        """Say good-bye; the server ends the connection."""
        self._write(frames.CLOSE, NORMAL)

    def hang_up(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # --- asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        if not self._is_open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._rest = head
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self.hang_up()
                return
            self._is_open = True
        whole, self._rest = frames.split(data)
        for opcode, payload in whole:
            if opcode == frames.PING:
                self._write(frames.PONG, payload)
            elif opcode == frames.CLOSE:
                self._code = int.from_bytes(payload[:2], "big")
                self._write(frames.CLOSE, payload[:2])
            else:
                self._hear(self, opcode, payload)

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        if not self.ended.done():
            self.ended.set_result(self._code)

    def _write(self, opcode: int, payload: bytes) -> None:
        if self._transport is not None:
            self._transport.write(frames.masked(opcode, payload))
