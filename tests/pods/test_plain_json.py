"""Sockets of plain JSON during a large operation, whose pixels cost them the most."""

import asyncio

import httpx
import pytest

from tests.pods.conftest import StartPods
from tests.pods.drawing import fill, verify
from tests.support.handshake import upgrade
from tests.support.processes import ServerProcess
from tests.support.redis import RedisServer
from tests.support.sockets import Watcher

pytestmark = [pytest.mark.pods, pytest.mark.timeout(120)]

SOCKETS = 30
WIDTH, HEIGHT = 200, 100
CELLS = WIDTH * HEIGHT


class PlainSocket(Watcher):
    """A client without `pixels.v1`; it counts the pixels, and parses none."""

    pixels = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(upgrade(self.address, self._path))

    def _handle(self, opcode: int, payload: bytes) -> None:
        if b'"pixel_updated"' in payload[:40]:
            self.pixels += 1
        else:
            super()._handle(opcode, payload)


async def health(pod: ServerProcess, end: asyncio.Event) -> list[int]:
    """Ask for it again and again until the end; return the statuses."""
    statuses: list[int] = []
    async with httpx.AsyncClient(base_url=pod.base_url, timeout=20) as client:
        while not end.is_set():
            statuses.append((await client.get("/healthz")).status_code)
            await asyncio.sleep(0.05)
    return statuses


def test_a_large_fill_neither_degrades_the_pod_nor_keeps_its_health_waiting(
    start_pods: StartPods, redis: RedisServer, database_url: str
) -> None:
    (pod,) = start_pods(1, redis.url)

    async def scenario() -> None:
        sockets = [PlainSocket(pod.ws_url()) for _ in range(SOCKETS)]
        binary = await Watcher(pod.ws_url()).connect()
        await asyncio.gather(*(socket.connect() for socket in sockets))
        end = asyncio.Event()
        asking = asyncio.create_task(health(pod, end))
        await fill(pod, WIDTH, HEIGHT)
        await binary.reach(CELLS, seconds=60)
        end.set()
        assert set(await asking) == {200}
        assert not binary.faults
        for socket in [binary, *sockets]:
            told = [event for event in socket.of_type("status") if event["degraded"]]
            assert told == []
            assert socket.closed is None
        for plain in sockets:
            await plain.until(lambda plain=plain: plain.of_type("resync"))
            assert plain.pixels < CELLS // 4, "they fetch the board instead"
        await asyncio.gather(*(socket.close() for socket in [binary, *sockets]))

    asyncio.run(scenario())
    verify(database_url, [pod])
