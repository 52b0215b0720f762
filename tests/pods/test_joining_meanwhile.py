"""A large board is joined over a slow line while a large operation goes on."""

import asyncio
import re

import pytest

from tests.pods.conftest import StartPods
from tests.pods.drawing import fill
from tests.pods.test_slow_readers import enlarge
from tests.support.processes import ServerProcess
from tests.support.redis import RedisServer
from tests.support.sockets import Watcher

pytestmark = [pytest.mark.pods, pytest.mark.postgres, pytest.mark.timeout(180)]

SIDE = 2048  # cells: 2.6 MB, compressed
WIDTH, HEIGHT = 400, 200
PLACED = WIDTH * HEIGHT * 30 // 32  # some of the cells have the colour before
MEANWHILE = 40_000  # placements between the board's seq and the join
AT_A_TIME, PAUSE = 16_384, 0.05  # bytes and seconds: 330 kB/s
REQUEST = (
    b"GET /api/canvas/board?canvas=main HTTP/1.1\r\nHost: localhost\r\n"
    b"Accept-Encoding: gzip\r\nConnection: close\r\n\r\n"
)


async def fetch(pod: ServerProcess, first: Watcher) -> int:
    """Fetch the board by a slow line, until so much was placed meanwhile; return its seq."""
    reader, writer = await asyncio.open_connection("127.0.0.1", pod.port, limit=AT_A_TIME)
    writer.write(REQUEST)
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    found = re.search(rb"x-canvas-seq: (\d+)", head, re.IGNORECASE)
    assert found is not None
    seq = int(found[1])
    while await reader.read(AT_A_TIME):
        if first.last < seq + MEANWHILE:
            await asyncio.sleep(PAUSE)
    writer.close()
    await first.reach(seq + MEANWHILE, seconds=60)
    return seq


def test_who_fetches_it_meanwhile_gets_in_at_the_first_attempt(
    start_pods: StartPods, redis: RedisServer, database_url: str
) -> None:
    enlarge(database_url, SIDE)
    (pod,) = start_pods(1, redis.url)

    async def scenario() -> None:
        first = await Watcher(pod.ws_url()).connect()
        filling = asyncio.create_task(fill(pod, WIDTH, HEIGHT))
        await first.reach(1)
        late = Watcher(pod.ws_url(), since=await fetch(pod, first))
        await late.connect()
        for watcher in (first, late):
            await watcher.until(lambda watcher=watcher: watcher.last >= PLACED, 60)
            assert watcher.of_type("resync") == []
            assert not watcher.faults
            await watcher.close()
        await filling
        assert late.cells.items() <= first.cells.items()

    asyncio.run(scenario())
