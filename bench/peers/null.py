"""The null server: reads Redis, packs 50 ticks a second, writes the same bytes to each socket.

It has uvloop's transports, as the pod has, and no HTTP stack, outbox, pings or checks: its cost is
that of a write. It ends when a socket does not take what is written.
"""

import asyncio
import os

import uvloop

from bench.load.truth import Truth
from canvas.protocol.frames import BINARY, CELL, HEADER, PIXEL_FRAME, server_frame

TICK = float(os.environ.get("TICK", "0.02"))  # seconds
ACCEPT = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"


class Socket(asyncio.Protocol):
    """A socket that is open as soon as its client has sent anything."""

    open: set[asyncio.Transport] = set()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if self._transport not in self.open:
            self._transport.write(ACCEPT)
            self.open.add(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.open.discard(self._transport)

    def pause_writing(self) -> None:
        raise RuntimeError("a socket does not take what is written")


def frame(truth: Truth, since: int) -> bytes:
    """Return the pixels after `since` as one `pixels.v1` frame; every colour has the index 0."""
    pixels = (truth.pixels.pop(seq) for seq in range(since + 1, truth.last + 1))
    cells = b"".join(CELL.pack(pixel.x, pixel.y, 0) for pixel in pixels)
    payload = HEADER.pack(PIXEL_FRAME, 0, truth.last - since, since + 1) + cells
    return server_frame(BINARY, payload)


async def main() -> None:
    loop = asyncio.get_running_loop()
    await loop.create_server(Socket, "127.0.0.1", int(os.environ["PORT"]), backlog=4096)
    truth, news = Truth(os.environ["REDIS_URL"]), asyncio.Event()

    def read() -> None:
        truth.read()
        news.set()

    loop.add_reader(truth.fileno(), read)
    sealed = 0
    while True:
        await news.wait()
        news.clear()
        if truth.last > sealed:
            data, sealed = frame(truth, sealed), truth.last
            for transport in Socket.open:
                transport.write(data)
            await asyncio.sleep(TICK)


if __name__ == "__main__":
    uvloop.run(main())
