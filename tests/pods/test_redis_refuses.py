"""A Redis that is absent or refuses commands: pixels reach every pod, and no request fails."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import httpx
import pytest
import redis as redis_client

from tests.pods.conftest import StartPods
from tests.pods.drawing import verify, watching
from tests.support.processes import free_port
from tests.support.redis import RedisServer

pytestmark = pytest.mark.pods


@contextmanager
def absent() -> Iterator[str]:
    yield f"redis://127.0.0.1:{free_port()}/0"


@contextmanager
def wrong_password() -> Iterator[str]:
    with RedisServer(password="right") as server:
        yield server.url.replace("right", "wrong")


@contextmanager
def out_of_memory() -> Iterator[str]:
    with RedisServer(config=["maxmemory 1", "maxmemory-policy noeviction"]) as server:
        yield server.url


@contextmanager
def read_only_replica() -> Iterator[str]:
    with RedisServer() as primary, RedisServer(replica_of=primary) as replica:
        yield replica.url


@pytest.mark.parametrize("fault", [absent, wrong_password, out_of_memory, read_only_replica])
def test_pixels_reach_everyone_all_the_same(
    fault: Callable[[], AbstractContextManager[str]], start_pods: StartPods, database_url: str
) -> None:
    with fault() as url:
        pods = start_pods(2, url)

        async def scenario() -> None:
            async with watching(pods) as watchers, httpx.AsyncClient() as client:
                for number in range(6):
                    pod = pods[number % 2]
                    pixel = {"x": number, "y": 1, "color": "#FF0000"}
                    answer = await client.put(f"{pod.base_url}/api/pixel", json=pixel)
                    assert answer.status_code == 200, answer.text
                    ready = await client.get(f"{pod.base_url}/readyz")
                    assert ready.status_code == 200
                for watcher in watchers:
                    await watcher.reach(6, seconds=2)
                    assert not watcher.faults
                    await watcher.until(
                        lambda w=watcher: w.newest("status").get("degraded") is True
                    )

        asyncio.run(scenario())
        verify(database_url, pods)


def test_a_pod_that_started_without_redis_joins_when_it_comes(
    start_pods: StartPods, redis: RedisServer
) -> None:
    redis.stop()
    pods = start_pods(2, redis.url)

    async def scenario() -> None:
        async with watching(pods) as watchers:
            for watcher in watchers:
                await watcher.until(lambda w=watcher: w.newest("status").get("degraded") is True)
            redis.start()
            for watcher in watchers:
                await watcher.until(lambda w=watcher: w.newest("status").get("degraded") is False)
            with redis_client.Redis.from_url(redis.url) as client:
                assert dict(client.pubsub_numsub("pixel-updates")) == {b"pixel-updates": 2}

    asyncio.run(scenario())
