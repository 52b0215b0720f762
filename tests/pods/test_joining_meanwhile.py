"""A large board is joined over a slow line while a large operation goes on."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import psycopg
import pytest

from tests.pods.conftest import StartPods
from tests.pods.drawing import fill
from tests.pods.test_slow_readers import enlarge
from tests.support.processes import ServerProcess, manage
from tests.support.redis import RedisServer
from tests.support.sockets import Watcher

pytestmark = [pytest.mark.pods, pytest.mark.postgres, pytest.mark.timeout(180)]

SIDE = 2048  # cells: 2.6 MB, compressed
WIDTH, HEIGHT = 400, 200
CELLS = WIDTH * HEIGHT
MEANWHILE = 40_000  # placements between the board's seq and the join
AT_A_TIME, PAUSE = 16_384, 0.05  # bytes and seconds: 330 kB/s
REQUEST = (
    b"GET /api/canvas/board?canvas=main HTTP/1.1\r\nHost: localhost\r\n"
    b"Accept-Encoding: gzip\r\nConnection: close\r\n\r\n"
)
VANDALISM = f"""
WITH drawn AS (
    INSERT INTO canvas_placement (canvas_id, seq, x, y, color, actor, username, placed_at)
    SELECT c.id, n, (n - 1) % {WIDTH}, (n - 1) / {WIDTH}, 1 + n % 20, 'guest:vandal', 'V', now()
    FROM canvas_canvas c, generate_series(1::bigint, {CELLS}) n WHERE c.slug = 'main'
)
UPDATE canvas_canvas SET seq = {CELLS}, clock = now() WHERE slug = 'main'
"""
REVERT = f"""
from django.contrib.auth.models import User
from moderation.acts.revert import revert
from moderation.plans.plan import EVERYWHERE
from moderation.plans.restoration import Restoration
plan = Restoration(("guest:vandal",), EVERYWHERE, 0, {CELLS})
revert(User.objects.create_superuser("mo"), "main", plan, "a test")
"""

Act = Callable[[ServerProcess], Awaitable[None]]


async def filling(pod: ServerProcess) -> None:
    await fill(pod, WIDTH, HEIGHT)


async def reverting(pod: ServerProcess) -> None:
    await asyncio.to_thread(manage, "shell", "-c", REVERT, environment=pod.environment)


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


@pytest.mark.parametrize(
    ("act", "before", "placed"),
    [
        pytest.param(filling, 0, CELLS * 30 // 32, id="filling"),  # some have that colour
        pytest.param(reverting, CELLS, 2 * CELLS, id="reverting"),
    ],
)
def test_a_client_that_fetches_it_meanwhile_gets_in_at_the_first_attempt(
    act: Act,
    before: int,
    placed: int,
    start_pods: StartPods,
    redis: RedisServer,
    database_url: str,
) -> None:
    enlarge(database_url, SIDE)
    if before:
        with psycopg.connect(database_url) as connection:
            connection.execute(VANDALISM.encode())
    (pod,) = start_pods(1, redis.url)

    async def scenario() -> None:
        first = await Watcher(pod.ws_url(), since=before).connect()
        acting = asyncio.ensure_future(act(pod))
        await first.reach(before + 1)
        late = Watcher(pod.ws_url(), since=await fetch(pod, first))
        await late.connect()
        for watcher in (first, late):
            await watcher.until(lambda watcher=watcher: watcher.last >= placed, 60)
            assert watcher.of_type("resync") == []
            assert not watcher.faults
            await watcher.close()
        await acting
        assert late.cells.items() <= first.cells.items()

    asyncio.run(scenario())
