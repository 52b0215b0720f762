"""A client that crashed, sleeps or never reads is dropped, and is soon counted no longer."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn

from pixelsite.server.production import configuration
from tests.support.processes import free_port

PING = 0.3  # seconds; twice that and a second are what a silent client gets
HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class Talker:
    """An application that sends without end, and notes when its client was gone."""

    def __init__(self, chunk: int) -> None:
        self.chunk = chunk
        self.gone = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            while (await receive())["type"] != "lifespan.shutdown":
                await send({"type": "lifespan.startup.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        await receive()
        await send({"type": "websocket.accept"})
        talking = asyncio.create_task(self._talk(send))
        while (await receive())["type"] != "websocket.disconnect":
            pass
        self.gone.set()
        talking.cancel()

    async def _talk(self, send: Any) -> None:
        while self.chunk:
            await send({"type": "websocket.send", "bytes": bytes(self.chunk)})


@pytest.fixture(params=[0, 65_536], ids=["that is silent", "that never reads"])
async def talker(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Talker, int]]:
    talker, port = Talker(request.param), free_port()
    server = uvicorn.Server(configuration(talker, "127.0.0.1", port, ping_interval=PING))
    serving = asyncio.create_task(server._serve())  # without taking the signals
    while not server.started:  # noqa: ASYNC110 - uvicorn sets no event
        await asyncio.sleep(0.01)
    yield talker, port
    server.should_exit = True
    await serving


@pytest.mark.slow
async def test_a_client_is_dropped(talker: tuple[Talker, int]) -> None:
    application, port = talker
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    writer.write(HANDSHAKE)
    await reader.readuntil(b"\r\n\r\n")
    writer.transport.pause_reading()  # type: ignore[attr-defined]  # it reads, too
    async with asyncio.timeout(2 * PING + 3):
        await application.gone.wait()
    writer.transport.abort()
