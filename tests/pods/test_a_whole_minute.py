"""A lease at its full length, and the commands that Redis gets meanwhile."""

import asyncio
import json
import re
from collections import Counter

import pytest
from redis.asyncio import Redis
from redis.asyncio.client import Monitor

from tests.pods.conftest import StartPods
from tests.pods.drawing import draw
from tests.pods.test_people_leave import guests, sees
from tests.support.processes import ROOT
from tests.support.redis import RedisServer

pytestmark = pytest.mark.pods

GONE = 65.0  # seconds after a crash: the lease's sixty and a sweep
ACL = ROOT / "deploy/redis/users.acl"
SOCKETS = 20


def allowed_commands() -> set[str]:
    """Return the commands that the ACL of a deployment allows to pods."""
    (gateway,) = re.findall(r"^user gateway .*$", ACL.read_text(), re.MULTILINE)
    return {command.upper() for command in re.findall(r" \+([a-z]+)", gateway)}


async def count_commands(monitor: Monitor, counts: Counter[str]) -> None:
    async for command in monitor.listen():
        counts[command["command"].split()[0].upper()] += 1


def test_the_people_of_a_crashed_pod_are_gone_within_65_seconds(
    start_pods: StartPods, redis: RedisServer
) -> None:
    staying, crashing = start_pods(2, redis.url)

    async def scenario() -> Counter[str]:
        counts: Counter[str] = Counter()
        async with (
            guests(*[staying] * SOCKETS, crashing) as watchers,
            Redis.from_url(redis.url) as client,
            client.monitor() as monitor,
        ):
            counting = asyncio.create_task(count_commands(monitor, counts))
            await sees(watchers[0], SOCKETS + 1)
            await asyncio.to_thread(crashing.kill)
            for number, watcher in enumerate(watchers[:-1]):
                draw(watcher, f"draw-{number}")
            for watcher in watchers[:-1]:
                await sees(watcher, SOCKETS, seconds=GONE)
            counting.cancel()
            stats = json.loads(await client.get("pod:pod-1:figures"))
            assert (stats["sockets"], stats["placements"]) == (SOCKETS, SOCKETS)
            assert await client.get("pod:pod-2:figures") is None
        return counts

    counts = asyncio.run(scenario())
    allowed = allowed_commands()
    assert "KEYS" not in allowed
    assert set(counts) - {"MONITOR"} <= allowed
    assert counts["PUBLISH"] >= SOCKETS
    assert counts["SCAN"] <= 4, "once at the start and once a minute, for each pod"
