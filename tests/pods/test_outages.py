"""Redis fails under load and comes back: no acknowledged pixel is lost, no board diverges."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from tests.pods.conftest import StartPods
from tests.pods.drawing import draw, verify, watching
from tests.support.proxy import RedisProxy
from tests.support.redis import RedisServer
from tests.support.sockets import Watcher

LOCAL_P99 = 0.2  # seconds from sending to one's own pod's sockets, all the while
ELSEWHERE = 2.0  # seconds from sending to other pods' sockets, all the while
RECOVERY = 5.0  # seconds after which all pods have the same again
PERIOD = 0.05  # seconds between two pixels

Outage = Callable[[RedisServer], Awaitable[None]]

pytestmark = [pytest.mark.pods, pytest.mark.timeout(180), pytest.mark.measured]


async def killed_and_restarted_empty(redis: RedisServer) -> None:
    redis.kill()
    await asyncio.sleep(20)
    redis.start()


async def hung(redis: RedisServer) -> None:
    redis.pause()
    await asyncio.sleep(6)
    redis.resume()


class Load:
    """Pixels drawn in turn on every pod, each timed on every pod."""

    def __init__(self, watchers: Sequence[Watcher]) -> None:
        self.watchers = watchers
        self.sent_at: dict[str, float] = {}

    async def run(self) -> None:
        number = 0
        while True:
            client_id = f"load-{number}"
            self.sent_at[client_id] = asyncio.get_running_loop().time()
            draw(self.watchers[number % len(self.watchers)], client_id)
            number += 1
            await asyncio.sleep(PERIOD)

    async def settle(self) -> None:
        """Wait until every pixel is answered and has reached every watcher."""
        async with asyncio.timeout(RECOVERY):
            for watcher in self.watchers:
                await watcher.until(lambda: self.answered >= len(self.sent_at))
            for watcher in self.watchers:
                await watcher.reach(self.acked)

    @property
    def acked(self) -> int:
        return sum(len(watcher.of_type("ack")) for watcher in self.watchers)

    @property
    def answered(self) -> int:
        return self.acked + sum(len(watcher.of_type("error")) for watcher in self.watchers)

    def delays(self) -> tuple[list[float], list[float]]:
        """Return the seconds from sending to being seen, on the sender's pod and on the others."""
        local: list[float] = []
        elsewhere: list[float] = []
        for drawer in self.watchers:
            for ack in drawer.of_type("ack"):
                sent = self.sent_at[ack["id"]]
                for watcher in self.watchers:
                    delay = watcher.seen_at[ack["seq"]] - sent
                    (local if watcher is drawer else elsewhere).append(delay)
        return local, elsewhere


async def draw_through(outage: Awaitable[None], watchers: Sequence[Watcher]) -> Load:
    load = Load(watchers)
    drawing = asyncio.create_task(load.run())
    await asyncio.sleep(1)
    await outage
    await asyncio.sleep(2)
    drawing.cancel()
    await load.settle()
    return load


def percentile(values: list[float], part: float) -> float:
    return sorted(values)[int(len(values) * part)]


def check(load: Load) -> None:
    for watcher in load.watchers:
        assert not watcher.faults
        assert watcher.of_type("error") == []
    assert load.acked == len(load.sent_at)
    local, elsewhere = load.delays()
    assert percentile(local, 0.99) < LOCAL_P99
    assert max(elsewhere) < ELSEWHERE


@pytest.mark.parametrize("outage", [killed_and_restarted_empty, hung])
def test_drawing_goes_on_without_redis(
    outage: Outage, start_pods: StartPods, redis: RedisServer, database_url: str
) -> None:
    pods = start_pods(3, redis.url)

    async def scenario() -> None:
        async with watching(pods, timed=True) as watchers:
            check(await draw_through(outage(redis), watchers))
            for watcher in watchers:
                assert [event["degraded"] for event in watcher.of_type("status")] == [True, False]

    asyncio.run(scenario())
    verify(database_url, pods)


def test_every_third_message_lost_is_noticed_and_healed(
    start_pods: StartPods, redis: RedisServer, database_url: str
) -> None:
    proxy = RedisProxy(redis.port, drop_every=3)
    pods = start_pods(3, proxy.url)

    async def scenario() -> None:
        async with proxy, watching(pods, timed=True) as watchers:
            check(await draw_through(asyncio.sleep(3), watchers))
            assert proxy.dropped > 30

    asyncio.run(scenario())
    verify(database_url, pods)


def test_a_cut_connection_is_made_anew(
    start_pods: StartPods, redis: RedisServer, database_url: str
) -> None:
    proxy = RedisProxy(redis.port)
    pods = start_pods(3, proxy.url)

    async def cut() -> None:
        proxy.cut()
        await asyncio.sleep(4)
        proxy.mend()

    async def scenario() -> None:
        async with proxy, watching(pods, timed=True) as watchers:
            check(await draw_through(cut(), watchers))

    asyncio.run(scenario())
    verify(database_url, pods)
