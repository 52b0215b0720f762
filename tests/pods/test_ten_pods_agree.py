"""Ten pods with two hundred sockets each: every socket gets every pixel once and in order."""

import asyncio

import pytest

from tests.pods.conftest import StartPods
from tests.pods.drawing import draw_many, verify, watching
from tests.support.redis import RedisServer

PODS, SOCKETS, PLACEMENTS = 10, 200, 2000

pytestmark = [pytest.mark.pods, pytest.mark.timeout(180), pytest.mark.measured]


def test_every_socket_gets_every_seq_once_and_in_order(
    start_pods: StartPods, redis: RedisServer, database_url: str
) -> None:
    pods = start_pods(PODS, redis.url)

    async def scenario() -> None:
        async with watching(pods, each=SOCKETS) as watchers:
            await draw_many(watchers[:: SOCKETS // 10], PLACEMENTS)
            for watcher in watchers:
                await watcher.reach(PLACEMENTS)
            assert not any(watcher.faults for watcher in watchers)
            assert {watcher.last for watcher in watchers} == {PLACEMENTS}

    asyncio.run(scenario())
    verify(database_url, pods)
