"""The counts that pods share, in a real Redis under the rights that a pod has there."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import redis as redis_client

from accounts import socket_counts
from accounts.counters import Limit, RedisCounters
from accounts.socket_counts import RedisSharedCounts, SocketCounts
from pixelsite.redis.connection import SharedConnection
from tests.support.redis import RedisServer
from tests.support.sentinel import ACL_TEMPLATES

pytestmark = pytest.mark.redis

PLACES = Limit("places:user:7", 2, 60_000)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    users = tmp_path_factory.mktemp("acl") / "users.acl"
    lines = (
        (ACL_TEMPLATES / "users.acl")
        .read_text()
        .replace("${GATEWAY_PASSWORD}", "secret")
        .splitlines()
    )
    gateway = [line for line in lines if line.startswith(("user default", "user gateway"))]
    users.write_text("\n".join([*gateway, "user test on >test ~* &* +@all", ""]))
    with RedisServer(username="gateway", password="secret", aclfile=users) as running:
        yield running


@pytest.fixture
def admin(server: RedisServer) -> Iterator[redis_client.Redis]:
    url = server.url.replace("gateway:secret", "test:test")
    with redis_client.Redis.from_url(url, decode_responses=True) as client:
        client.flushall()
        yield client


@pytest.fixture
async def connections(server: RedisServer, admin: object) -> AsyncIterator[list[SharedConnection]]:
    connections = [SharedConnection({"address": server.url, "driver_info": None}) for _ in range(2)]
    yield connections
    for connection in connections:
        await connection.close()


async def test_counts_add_up_and_expire(
    connections: list[SharedConnection], admin: redis_client.Redis
) -> None:
    first, second = (RedisCounters(connection) for connection in connections)
    await first.add({PLACES: 2})
    tallies = await second.add({PLACES: 3, PLACES._replace(key="places:a b:ü"): 1})
    assert [tally.events for tally in tallies.values()] == [5, 1]
    assert 59_000 < tallies[PLACES].left_ms <= 60_000
    assert 59_000 < admin.pttl("limit:places:user:7") <= 60_000  # type: ignore[operator]  # as if it were to be awaited


async def test_sockets_of_a_network_add_up_over_pods(connections: list[SharedConnection]) -> None:
    pods = [
        SocketCounts(RedisSharedCounts(connection, f"pod-{number}"))
        for number, connection in enumerate(connections)
    ]
    assert await pods[0].enter(["192.0.2.7"]) == [1]
    assert await pods[1].enter(["192.0.2.7"]) == [2]
    assert await pods[0].enter(["192.0.2.7", "wider"]) == [3, 1]
    assert await pods[0].enter(["192.0.2.8", "wider"]) == [1, 2]
    pods[0].leave(["192.0.2.7", "wider"])
    assert await pods[0].enter(["192.0.2.7"]) == [3]


async def test_a_count_of_zero_is_removed(connections: list[SharedConnection]) -> None:
    counts = [
        RedisSharedCounts(connection, f"pod-{number}")
        for number, connection in enumerate(connections)
    ]
    await counts[0].exchange({"192.0.2.7": 5})
    await counts[0].exchange({"192.0.2.7": 0})
    assert await counts[1].exchange({"192.0.2.7": 1}) == [1]


async def test_the_counts_of_a_crashed_pod_are_void_within_seconds(
    connections: list[SharedConnection], admin: redis_client.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_counts, "ALIVE_TTL", 300)
    crashed, other = (RedisSharedCounts(connection, "pod-1") for connection in connections)
    await crashed.exchange({"192.0.2.7": 9})
    assert await other.exchange({"192.0.2.7": 1}) == [10]
    await asyncio.sleep(0.4)
    assert await other.exchange({"192.0.2.7": 1}) == [1]
    assert len(admin.hkeys("limit:sockets:192.0.2.7")) == 2  # type: ignore[arg-type]  # as below
    await crashed.exchange({})  # it was only out of reach
    assert await other.exchange({"192.0.2.7": 1}) == [10]


async def test_a_pod_gives_signs_of_life(
    connections: list[SharedConnection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_counts, "ALIVE_TTL", 400)
    monkeypatch.setattr(socket_counts, "ALIVE_INTERVAL", 0.1)
    monkeypatch.setattr(socket_counts, "DEBOUNCE", 0.05)
    pod = SocketCounts(RedisSharedCounts(connections[0], "pod-1"))
    await pod.enter(["192.0.2.7"])
    running = asyncio.create_task(pod.run())
    await asyncio.sleep(1)
    other = RedisSharedCounts(connections[1], "pod-2")
    assert await other.exchange({"192.0.2.7": 1}) == [2]
    running.cancel()


async def test_old_counts_and_junk_are_removed(
    connections: list[SharedConnection], admin: redis_client.Redis
) -> None:
    counts = RedisSharedCounts(connections[0], "pod-1")
    admin.hset("limit:sockets:192.0.2.7", mapping={"crashed": "9:1", "odd": "junk"})
    assert await counts.exchange({"192.0.2.7": 1}) == [1]
    (run,) = admin.hkeys("limit:sockets:192.0.2.7")  # type: ignore[misc]  # as if it were to be awaited
    assert run.startswith("pod-1:")
    assert 0 < admin.ttl("limit:sockets:192.0.2.7") <= 60  # type: ignore[operator]  # as if it were to be awaited


@pytest.mark.parametrize("value", ["junk", str(2**63 - 1), "-1000000", ["a", "list"]], ids=str)
async def test_a_foreign_value_begins_a_period(
    value: str | list[str], connections: list[SharedConnection], admin: redis_client.Redis
) -> None:
    key = "limit:places:user:7"
    admin.rpush(key, *value) if isinstance(value, list) else admin.set(key, value)
    other = PLACES._replace(key="places:user:8")
    tallies = await RedisCounters(connections[0]).add({PLACES: 1, other: 1})
    assert [tally.events for tally in tallies.values()] == [1, 1]
    assert all(59_000 < tally.left_ms <= 60_000 for tally in tallies.values())


@pytest.mark.parametrize("seconds", [None, 10**6])
async def test_a_count_without_an_end_gets_one(
    seconds: int | None, connections: list[SharedConnection], admin: redis_client.Redis
) -> None:
    """Else the person would be locked out for as long as Redis is there."""
    admin.set("limit:places:user:7", 99, ex=seconds)
    tallies = await RedisCounters(connections[0]).add({PLACES: 1})
    assert tallies[PLACES].events == 100
    assert 59_000 < tallies[PLACES].left_ms <= 60_000
    assert 59_000 < admin.pttl("limit:places:user:7") <= 60_000  # type: ignore[operator]  # as if it were to be awaited


async def test_foreign_values_of_another_type_hinder_no_socket_counts(
    connections: list[SharedConnection], admin: redis_client.Redis
) -> None:
    shared = RedisSharedCounts(connections[0], "pod-1")
    for key in ("limit:sockets:192.0.2.7", f"limit:pod:{shared._run}", "limit:pod:other"):
        admin.rpush(key, "x")
    admin.hset("limit:sockets:192.0.2.8", "other", "5:9999999999")
    assert await shared.exchange({"192.0.2.7": 2, "192.0.2.8": 1}) == [2, 1]
