"""Three pods are restarted one after the other: no acknowledged pixel is lost, and clients come
back spread over time.

`ROLLING_SOCKETS=3000 ROLLING_WINDOW=20 pytest -s` prints the numbers of docs/deploy.md.
"""

import asyncio
import os
import random
from collections import Counter

import psycopg
import pytest

from canvas.domain.palette import DEFAULT_PALETTE
from tests.canvas.helpers import eventually
from tests.pods.conftest import StartPods
from tests.pods.drawing import verify
from tests.support.processes import ServerProcess
from tests.support.redis import RedisServer
from tests.support.sockets import Watcher

SOCKETS = int(os.environ.get("ROLLING_SOCKETS", "150"))
WINDOW = float(os.environ.get("ROLLING_WINDOW", "3"))  # seconds of one pod's drain
DRAWING = 20  # of them draw
PAUSE = SOCKETS / 750  # seconds between two pixels of one client: each goes to all sockets
JITTER = 2.0  # seconds: the page's own back-off after 1012

pytestmark = [pytest.mark.core, pytest.mark.pods, pytest.mark.timeout(600)]


class Cluster:
    """The pods that are ready, and the counts and faults of their clients."""

    def __init__(self, pods: list[ServerProcess]) -> None:
        self.ready = list(pods)
        self.returned_at: list[float] = []
        self.closes: Counter[int | None] = Counter()
        self.reloads = 0
        self.faults: list[str] = []
        self.acked: dict[str, int] = {}
        self.finished = False
        self.open = 0


class Client:
    """A page: it reconnects with a jitter, and sends a pixel again that was not acknowledged."""

    def __init__(self, cluster: Cluster, number: int) -> None:
        self._cluster = cluster
        self._number = number
        self._draws = 0
        self.watcher: Watcher | None = None

    async def stay(self) -> None:
        while not self._cluster.finished:
            await self._connect()
            if self._number < DRAWING:
                await self._draw_until_closed()
            await self._watcher.until(self._gone, seconds=300)
            self._cluster.open -= 1
            self._cluster.faults += self._watcher.faults
            self._cluster.reloads += len(self._watcher.of_type("resync"))
            if self._cluster.finished:
                return
            self._cluster.closes[self._watcher.closed] += 1
            await asyncio.sleep(random.uniform(0, JITTER))

    @property
    def _watcher(self) -> Watcher:
        assert self.watcher is not None
        return self.watcher

    def _gone(self) -> bool:
        return self._watcher.closed is not None

    async def _connect(self) -> None:
        since = self.watcher.last if self.watcher else 0
        self.watcher = Watcher(random.choice(self._cluster.ready).ws_url(), since)
        await self.watcher.connect()
        self._cluster.open += 1
        self._cluster.returned_at.append(asyncio.get_running_loop().time())

    async def _draw_until_closed(self) -> None:
        while not (self._gone() or self._cluster.finished):
            await self._draw(f"client-{self._number}-{self._draws}")
            await asyncio.sleep(PAUSE)

    async def _draw(self, client_id: str) -> None:
        """Send the pixel; wait until it is acknowledged or the socket closes."""
        watcher, acked = self._watcher, self._cluster.acked
        seen = len(watcher.events)

        def answered() -> bool:
            for event in watcher.events[seen:]:
                assert event["type"] != "error", event
                if event["type"] == "ack" and event["id"] == client_id:
                    acked[client_id] = event["seq"]
            return client_id in acked

        watcher.send(
            {
                "type": "pixel_update",
                "id": client_id,
                "x": self._number,
                "y": self._draws % 1000,
                "color": DEFAULT_PALETTE[1],
            }
        )
        await watcher.until(lambda: answered() or self._gone())
        self._draws += answered()


async def settled(cluster: Cluster) -> None:
    await eventually(lambda: cluster.open == SOCKETS, seconds=60, pause=0.05)


async def restart(cluster: Cluster, pod: ServerProcess) -> float:
    """Stop a pod and start it again; return the highest number of reconnections in a second."""
    cluster.ready.remove(pod)
    cluster.returned_at.clear()
    code = await asyncio.to_thread(pod.stop, WINDOW + 30)
    assert code == 0
    await asyncio.sleep(JITTER)
    peak = max(Counter(int(moment) for moment in cluster.returned_at).values())
    pod.launch()  # from this thread: the kernel ends the pod with the thread that started it
    await asyncio.to_thread(pod.wait_ready)
    cluster.ready.append(pod)
    await settled(cluster)
    return peak


def ledger(url: str) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT client_id, seq FROM canvas_retry").fetchall()
        placed = connection.execute("SELECT count(*) FROM canvas_placement").fetchone()
    assert placed == (len(rows),), "a retry was placed twice"
    # of a client without a cookie the pixel is part of the stored id
    return {client_id.split()[0]: seq for client_id, seq in rows}


def test_no_pixel_is_lost_and_clients_come_back_spread_over_time(
    start_pods: StartPods, redis: RedisServer, database_url: str
) -> None:
    pods = start_pods(3, redis.url, DRAIN_SECONDS=str(WINDOW))
    cluster = Cluster(pods)
    peaks: list[float] = []

    async def scenario() -> None:
        clients = [Client(cluster, number) for number in range(SOCKETS)]
        staying = []
        for client in clients:
            staying.append(asyncio.create_task(client.stay()))
            await asyncio.sleep(0.002)
        await settled(cluster)
        for pod in pods:
            share = sum(c.watcher.address[1] == pod.port for c in clients if c.watcher)
            peaks.append(await restart(cluster, pod) / (share / WINDOW))
        await asyncio.sleep(1)
        cluster.finished = True
        await asyncio.sleep(0.5)
        for client in clients:
            assert client.watcher is not None
            await client.watcher.close()
        await asyncio.gather(*staying)

    asyncio.run(scenario())
    placed = ledger(database_url)
    lost = {op: seq for op, seq in cluster.acked.items() if placed.get(op) != seq}
    print(  # noqa: T201 - the numbers are the point
        f"\n{SOCKETS} sockets, {WINDOW:g} s a drain: closes {dict(cluster.closes)}, "
        f"{len(cluster.acked)} placements acked, {len(lost)} lost, {cluster.reloads} reloads; "
        f"peak of reconnections in a second, in fair shares: "
        f"{', '.join(f'{peak:.2f}' for peak in peaks)}"
    )
    assert not lost
    assert len(cluster.acked) > DRAWING
    assert not cluster.faults
    assert cluster.reloads == 0
    assert set(cluster.closes) == {1012}
    assert max(peaks) < 2
    verify(database_url, pods)
