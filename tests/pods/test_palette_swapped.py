"""Colours change places while people draw: all pods keep the ledger's board, also for the next."""

import asyncio
import urllib.request

import httpx
import pytest

from canvas.domain.palette import DEFAULT_PALETTE
from tests.canvas.helpers import eventually
from tests.pods.conftest import StartPods
from tests.pods.drawing import verify, watching
from tests.support.cells import fresh_cell
from tests.support.processes import ServerProcess, manage
from tests.support.redis import RedisServer
from tests.support.sockets import Watcher

pytestmark = pytest.mark.pods

PEOPLE = 4
AFTER = 40  # pixels once the rules are still again
SWAPPED = DEFAULT_PALETTE[1:3]
SWAP = """
import time
from canvas import services
from canvas.models import Canvas
from pixelsite import announce
tell = announce.publish
for is_told in (True, False, True):
    announce.publish = tell if is_told else lambda *_: None
    first, second, third, *others = Canvas.objects.get(slug="main").palette
    services.configure("main", {"palette": [first, third, second, *others]})
    time.sleep(0.3)
"""


def board(pod: ServerProcess) -> tuple[str, bytes]:
    with urllib.request.urlopen(f"{pod.base_url}/api/canvas/board") as answer:
        return answer.headers["X-Canvas-Seq"], answer.read()


async def people_draw(pod: ServerProcess, swaps: asyncio.Task[str]) -> int:
    """Draw in the two colours, by four at once, until the swaps are over; return the newest seq."""
    left, newest = AFTER, 0

    async def draw(client: httpx.AsyncClient, color: str) -> None:
        nonlocal left, newest
        while left > 0:
            x, y = fresh_cell()
            answer = await client.put("/api/pixel", json={"x": x, "y": y, "color": color})
            assert answer.status_code == 200, answer.text
            newest = max(newest, answer.json()["seq"])
            left -= swaps.done()

    async with httpx.AsyncClient(base_url=pod.base_url, timeout=20) as client:
        await asyncio.gather(*(draw(client, SWAPPED[n % 2]) for n in range(PEOPLE)))
    return newest


def test_pods_agree_and_so_does_what_they_leave(
    start_pods: StartPods, redis: RedisServer, database_url: str
) -> None:
    """Of one swap they are not told: the other pod hears of pixels with the former palette."""
    pods = start_pods(2, redis.url)
    environment = {"DATABASE_URL": database_url, "REDIS_URL": redis.url}

    async def scenario() -> None:
        async with watching(pods) as watchers:
            swaps = asyncio.create_task(
                asyncio.to_thread(manage, "shell", "-c", SWAP, environment=environment)
            )
            newest = await people_draw(pods[0], swaps)
            await swaps
            for watcher in watchers:
                await watcher.reach(newest)
                assert (watcher.last, watcher.faults) == (newest, [])
                assert watcher.of_type("resync") == []
            await palettes_agree(watchers)
            assert watchers[0].cells == watchers[1].cells
            await eventually(lambda: board(pods[0]) == board(pods[1]))
            seq, cells = board(pods[0])
            assert seq == str(newest)
            assert {cells[y * 1000 + x] for x, y in watchers[0].cells} == {1, 2}

    asyncio.run(scenario())
    before = board(pods[0])
    for pod in pods:
        pod.ask_to_stop()
    for pod in pods:
        pod.wait_stopped()
        pod.launch()
    for pod in pods:
        pod.wait_ready()
        assert board(pod) == before
    verify(database_url, pods)


async def palettes_agree(watchers: list[Watcher]) -> None:
    """Wait until each has been told the last of the palettes."""
    last = [DEFAULT_PALETTE[2], DEFAULT_PALETTE[1]]
    for watcher in watchers:
        await watcher.until(lambda w=watcher: w.newest("canvas_changed")["palette"][1:3] == last)
