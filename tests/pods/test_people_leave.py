"""The count of people becomes right again after stops, crashes and a Redis without memory."""

import asyncio
import json
import re
import urllib.request
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
import redis as redis_client

from accounts.people import GUEST_COOKIE, new_guest_cookie
from tests.pods.conftest import StartPods
from tests.support.processes import ServerProcess, free_port
from tests.support.redis import RedisServer
from tests.support.sockets import Watcher

SWEEP = 6.0  # seconds until a lease that ran out is noticed, at most

pytestmark = [pytest.mark.core, pytest.mark.pods]


@asynccontextmanager
async def guests(*pods: ServerProcess) -> AsyncIterator[list[Watcher]]:
    """Connect one new guest on each of these pods."""
    async with AsyncExitStack() as leaving:
        yield [await leaving.enter_async_context(guest(pod)) for pod in pods]


@asynccontextmanager
async def guest(pod: ServerProcess, cookie: str = "") -> AsyncIterator[Watcher]:
    """Connect a guest: the one of the cookie, or a new one."""
    cookie = f"{GUEST_COOKIE}={cookie or new_guest_cookie()}"
    watcher = await Watcher(pod.ws_url(), cookie=cookie).connect()
    yield watcher
    await watcher.close()


async def sees(watcher: Watcher, people: int, seconds: float = 3) -> None:
    """Wait until both events, which come one after the other, have so many people."""
    await watcher.until(lambda: watcher.newest("stats").get("activeUsers") == people, seconds)
    await watcher.until(lambda: len(watcher.newest("user_list")["users"]) == people, seconds)


async def lists(watcher: Watcher, *names: str) -> None:
    await watcher.until(lambda: watcher.newest("user_list").get("users") == list(names), 3)


def test_a_stopped_pod_takes_its_people_along_within_a_second(
    start_pods: StartPods, redis: RedisServer
) -> None:
    staying, leaving = start_pods(2, redis.url)

    async def scenario() -> None:
        async with guests(staying, leaving, leaving) as watchers:
            await sees(watchers[0], 3)
            stopping = asyncio.create_task(asyncio.to_thread(leaving.stop))
            await sees(watchers[0], 1, seconds=1)
            await stopping
            assert [watcher.closed for watcher in watchers[1:]] == [1012, 1012]

    asyncio.run(scenario())


def test_a_crashed_pod_loses_its_people_when_its_lease_runs_out(
    start_pods: StartPods, redis: RedisServer
) -> None:
    staying, crashing = start_pods(2, redis.url)

    async def scenario() -> None:
        async with guests(staying, crashing) as watchers:
            await sees(watchers[0], 2)
            crashing.kill()
            with redis_client.Redis.from_url(redis.url) as client:
                assert 50 < client.ttl("pod:pod-2:users") <= 60
                assert watchers[0].newest("stats")["activeUsers"] == 2
                client.expire("pod:pod-2:users", 1)  # the last of its sixty seconds
            await sees(watchers[0], 1, seconds=1 + SWEEP)

    asyncio.run(scenario())
    with redis_client.Redis.from_url(redis.url) as client:
        used = {name.removeprefix("cmdstat_") for name in client.info("commandstats")}
    assert {"publish", "subscribe", "setex", "strlen", "get", "scan"} <= used
    assert "keys" not in used, "leases are searched for with SCAN"


def test_a_person_on_two_pods_stays_when_one_of_them_goes(
    start_pods: StartPods, redis: RedisServer
) -> None:
    one, other = start_pods(2, redis.url)

    async def scenario() -> None:
        cookie = new_guest_cookie()
        async with guest(one) as watcher, guest(one, cookie) as here:
            async with guest(other, cookie):
                await sees(watcher, 2)
            await asyncio.sleep(1.5)  # long enough for a change to be broadcast
            await sees(watcher, 2)
            await here.close()
            await sees(watcher, 1)

    asyncio.run(scenario())


def test_two_guests_of_one_name_are_two_people(start_pods: StartPods, redis: RedisServer) -> None:
    pods = start_pods(2, redis.url)

    async def scenario() -> None:
        async with guests(*pods) as watchers:
            await sees(watchers[0], 2)
            for number, watcher in enumerate(watchers):
                place = {"x": number, "y": 0, "color": "#FF0000", "username": "Alice"}
                watcher.send({"type": "pixel_update", **place})
            for watcher in watchers:
                await lists(watcher, "Alice", "Alice")
                await sees(watcher, 2)
            with redis_client.Redis.from_url(redis.url) as client:
                leases = [json.loads(client.get(f"pod:pod-{n}:users") or b"") for n in (1, 2)]
            assert [lease["usernames"] for lease in leases] == [["Alice"], ["Alice"]]
            assert leases[0]["ids"] != leases[1]["ids"]
            await watchers[1].close()
            await sees(watchers[0], 1)

    asyncio.run(scenario())


def test_a_guest_who_draws_under_another_name_on_one_pod_stays_one_person(
    start_pods: StartPods, redis: RedisServer
) -> None:
    one, other = start_pods(2, redis.url)

    async def scenario() -> None:
        cookie = new_guest_cookie()
        async with guest(one, cookie) as here, guest(other, cookie) as there:
            await sees(here, 1)
            place = {"x": 1, "y": 0, "color": "#FF0000", "username": "Alice"}
            there.send({"type": "pixel_update", **place})
            await lists(here, "Alice")
            await sees(here, 1)
            await there.close()
            await lists(here, here.newest("hello")["username"])
            await sees(here, 1)

    asyncio.run(scenario())


def test_leases_of_another_site_count_for_nothing(
    start_pods: StartPods, redis: RedisServer
) -> None:
    (ours,) = start_pods(1, redis.url, POD_ID="ours")
    (theirs,) = start_pods(1, redis.url, POD_ID="theirs", SITE_NAME="other.example")
    port = free_port()

    def start_late() -> ServerProcess:
        return start_pods(1, redis.url, POD_ID="late", METRICS_PORT=str(port))[0]

    def dropped() -> float:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            text = answer.read().decode()
        found = re.search(r"^pixelsite_other_sites_total (\S+)$", text, re.MULTILINE)
        assert found is not None
        return float(found[1])

    async def scenario() -> None:
        async with guest(ours) as here, guest(theirs) as there:
            await asyncio.sleep(1.5)  # long enough for both leases to be written
            late = await asyncio.to_thread(start_late)
            async with guest(late) as third:  # which has searched when it started
                await sees(third, 2)
                await sees(here, 2)
                await sees(there, 1)
            assert await asyncio.to_thread(dropped) >= 1

    asyncio.run(scenario())


def test_a_pod_restarted_under_its_name_keeps_its_lease(
    start_pods: StartPods, redis: RedisServer
) -> None:
    first, second = start_pods(2, redis.url, POD_ID="same")

    async def scenario() -> None:
        await asyncio.sleep(1.5)  # both have written what they write when they start
        async with guest(second) as watcher:
            await sees(watcher, 1)
            await asyncio.to_thread(first.stop)
            with redis_client.Redis.from_url(redis.url) as client:
                assert client.get("pod:same:users") is not None

    asyncio.run(scenario())


def test_leases_are_written_again_after_redis_lost_them(
    start_pods: StartPods, redis: RedisServer
) -> None:
    pods = start_pods(2, redis.url)

    async def scenario() -> None:
        async with guests(*pods) as watchers:
            await sees(watchers[0], 2)
            redis.kill()
            await asyncio.sleep(0.2)
            redis.start()
            await asyncio.sleep(3)
            for watcher in watchers:
                await sees(watcher, 2, seconds=5)

    asyncio.run(scenario())
