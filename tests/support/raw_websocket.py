"""A WebSocket client of bytes: it sends any frames, good or bad, and reads what comes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

from tests.support.handshake import upgrade

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True) -> bytes:
    """Return one frame of a client, masked with zeros: allowed, and cheap."""
    size = len(payload)
    if size < 126:
        length = bytes([128 | size])
    elif size < 65536:
        length = bytes([254]) + size.to_bytes(2, "big")
    else:
        length = bytes([255]) + size.to_bytes(8, "big")
    return bytes([(128 if fin else 0) | opcode]) + length + bytes(4) + payload


class RawWebSocket:
    """An open connection. `answer` is the head of the server's answer to the handshake."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.answer = b""

    @classmethod
    @asynccontextmanager
    async def connect(
        cls, port: int, path: str = "/", headers: str = "", *, limit: int = 65536
    ) -> AsyncIterator[Self]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=limit)
        socket = cls(reader, writer)
        writer.write(upgrade(("127.0.0.1", port), path, "", headers))
        try:
            socket.answer = await reader.readuntil(b"\r\n\r\n")
            yield socket
        finally:
            writer.transport.abort()

    def send(self, *frames: bytes) -> None:
        self.writer.write(b"".join(frames))

    def stop_reading(self) -> None:
        self.writer.transport.pause_reading()  # type: ignore[attr-defined]  # it reads, too

    async def next(self) -> tuple[int, bytes]:
        """Return opcode and payload of the next frame; those of our server are whole."""
        opcode, size = await self.reader.readexactly(2)
        if size >= 126:
            size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
        return opcode & 15, await self.reader.readexactly(size)

    async def close_code(self) -> int:
        """Read up to the close frame and return its code."""
        async with asyncio.timeout(20):
            while True:
                opcode, payload = await self.next()
                if opcode == CLOSE:
                    return int.from_bytes(payload[:2], "big")

    async def gone(self) -> None:
        """Wait until the server has ended the connection."""
        async with asyncio.timeout(20):
            try:
                while await self.reader.read(65536):
                    pass
            except ConnectionError:
                pass
