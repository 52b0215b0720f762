"""SIGTERM: no new sockets, the open ones close over the window, and the exit code is 0."""

import asyncio
import os
import signal

import httpx
import pytest
import redis as redis_client

from tests.pods.conftest import StartPods
from tests.pods.drawing import draw, watching
from tests.support.redis import RedisServer
from tests.support.sockets import Watcher

pytestmark = [pytest.mark.core, pytest.mark.pods]

WINDOW = 2.0  # seconds


async def refused_with(url: str) -> int | None:
    """Open a socket and return the code that it is closed with."""
    late = Watcher(url)
    connecting = asyncio.create_task(late.connect())
    await late.until(lambda: late.closed)
    connecting.cancel()
    await late.close()
    return late.closed


def test_a_pod_drains_and_stops(start_pods: StartPods, redis: RedisServer) -> None:
    (pod,) = start_pods(1, redis.url, DRAIN_SECONDS=str(WINDOW))

    async def scenario() -> None:
        async with watching([pod], each=10) as watchers, httpx.AsyncClient() as client:
            draw(watchers[0], "before")
            await watchers[0].until(lambda: watchers[0].of_type("ack"))
            assert "connection" not in (await client.get(f"{pod.base_url}/healthz")).headers
            pod.ask_to_stop()
            await asyncio.sleep(WINDOW / 4)
            assert (await client.get(f"{pod.base_url}/readyz")).status_code == 503
            alive = await client.get(f"{pod.base_url}/healthz")
            assert (alive.status_code, alive.headers["connection"]) == (200, "close")
            assert await refused_with(pod.ws_url()) == 1013
            staying = [watcher for watcher in watchers if watcher.closed is None]
            assert 0 < len(staying) < 10
            draw(staying[0], "during")
            await staying[0].until(lambda: staying[0].of_type("ack"))
            for watcher in watchers:
                await watcher.until(lambda w=watcher: w.closed is not None)
            assert {watcher.closed for watcher in watchers} == {1012}
            assert staying[0].last == 2

    asyncio.run(scenario())
    assert pod.wait_stopped() == 0
    with redis_client.Redis.from_url(redis.url) as client:
        assert client.keys("pod:*:users") == []


def test_the_second_signal_ends_the_drain(start_pods: StartPods, redis: RedisServer) -> None:
    (pod,) = start_pods(1, redis.url, DRAIN_SECONDS="300")

    async def scenario() -> None:
        async with watching([pod], each=3) as watchers:
            pod.ask_to_stop()
            await asyncio.sleep(0.5)
            assert pod.running
            assert pod.pid is not None
            os.kill(pod.pid, signal.SIGTERM)
            for watcher in watchers:
                await watcher.until(lambda w=watcher: w.closed == 1012)

    asyncio.run(scenario())
    assert pod.wait_stopped() == 0
    with redis_client.Redis.from_url(redis.url) as client:
        assert client.keys("pod:*:users") == []
