"""Values that others wrote into Redis: one that is too long does not come into a pod's memory."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
import redis as redis_client

from canvas.pod.audience import RedisAudience
from canvas.protocol.signatures import signer
from moderation import pod_stats
from moderation.pod_stats import RedisPodStats
from pixelsite.observe import metrics
from pixelsite.redis import connection as connections
from pixelsite.redis.connection import SharedConnection
from presence.lease_format import MAX_POD_ID
from presence.leases import RedisLeases
from presence.roster import Lease
from tests.support.redis import RedisServer

pytestmark = pytest.mark.redis

HUGE = 200 * 2**20  # bytes
LITTLE = 2**20  # bytes that Redis may send meanwhile, for all that is to be read
LEASE = Lease(1, ("Nora",), ("a",), is_signed=True)

Sent = Callable[[], int]


@pytest.fixture
def client(redis_server: RedisServer) -> Iterator[redis_client.Redis]:
    with redis_client.Redis.from_url(redis_server.url) as client:
        yield client
        client.flushall()


@pytest.fixture
def sent(client: redis_client.Redis) -> Sent:
    """Bytes that Redis has sent since the start."""
    return lambda: int(info(client, "stats")["total_net_output_bytes"])


def info(client: redis_client.Redis, section: str) -> dict[str, Any]:
    found: Any = client.info(section)
    return dict(found)


def hostile(client: redis_client.Redis, key: str) -> None:
    """Store a value of HUGE bytes."""
    client.setrange(key, HUGE - 1, b"x")


async def read_leases(connection: SharedConnection) -> object:
    leases = RedisLeases(connection, signer(), lambda: None)
    await leases.write("pod-2", LEASE)
    return await leases.read(["pod-1", "pod-2"])


async def read_audiences(connection: SharedConnection) -> object:
    await RedisAudience(connection, "pod-2").exchange({"main": 3}, [])
    return await RedisAudience(connection, "pod-3").exchange({}, ["pod-1", "pod-2"])


async def read_figures(connection: SharedConnection) -> object:
    async with connection.turn() as redis:
        await redis.set(pod_stats.key_of("pod-2"), pod_stats.encode(pod_stats.own()))
    return list(await RedisPodStats(connection).read(["pod-1", "pod-2"]))


@pytest.mark.parametrize(
    ("key", "read", "expected"),
    [
        ("pod:pod-1:users", read_leases, {"pod-2": LEASE}),
        ("pod:pod-1:audience", read_audiences, {"main": 3}),
        ("pod:pod-1:figures", read_figures, ["pod-2"]),
    ],
    ids=["leases", "audiences", "figures"],
)
async def test_a_value_of_200_mb_stays_in_redis_and_the_others_are_read(
    key: str,
    read: Callable[[SharedConnection], Awaitable[object]],
    expected: object,
    connection: SharedConnection,
    client: redis_client.Redis,
    sent: Sent,
) -> None:
    hostile(client, key)
    before, refused = sent(), metrics.redis_values_refused._value.get()
    assert await read(connection) == expected
    assert sent() - before < LITTLE
    assert metrics.redis_values_refused._value.get() == refused + 1


async def test_the_log_names_a_key_once(
    connection: SharedConnection, client: redis_client.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    client.set("long", "12345")
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert [value async for value in connection.values(["long"], 4)] == [None]
    assert [record.getMessage() for record in caplog.records] == [
        "'long' has 5 bytes, more than 4: it is not read"
    ]


async def test_the_log_names_a_bounded_number_of_keys(
    connection: SharedConnection,
    client: redis_client.Redis,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "MAX_TOLD", 2)
    client.mset({"a": "12", "b": "12", "c": "12"})
    assert [value async for value in connection.values(["a", "b", "c"], 1)] == [None] * 3
    assert len(caplog.records) == 2


async def test_values_come_in_the_order_of_their_keys_over_several_commands(
    connection: SharedConnection, client: redis_client.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MAX_ANSWER", 10)
    client.mset({"a": "1", "c": "", "d": "12345", "f": "123456"})
    client.hset("e", "field", "value")
    client.config_resetstat()
    found = [value async for value in connection.values(list("abcdef"), 5)]
    assert found == [b"1", None, b"", b"12345", None, None]
    assert info(client, "commandstats")["cmdstat_eval"]["calls"] == 3
    assert [value async for value in connection.values([], 5)] == []


async def test_what_redis_forbids_is_an_error_and_not_an_empty_value(
    connection: SharedConnection, client: redis_client.Redis
) -> None:
    client.acl_setuser("default", commands=["-strlen"], enabled=True, nopass=True)
    try:
        with pytest.raises(OSError, match="Redis does not answer"):
            [value async for value in connection.values(["a"], 5)]
    finally:
        client.acl_setuser("default", commands=["+strlen"], enabled=True, nopass=True)


async def test_a_search_leaves_out_keys_that_no_pod_has(
    connection: SharedConnection, client: redis_client.Redis, sent: Sent
) -> None:
    longest = "p" * MAX_POD_ID
    for name in ("pod-1", longest, longest + "p", "x" * (2 * LITTLE)):
        client.set(f"pod:{name}:users", "{}")
    before = sent()
    assert await RedisLeases(connection, signer(), lambda: None).search(0) == (
        {"pod-1", longest},
        0,
    )
    assert sent() - before < LITTLE
