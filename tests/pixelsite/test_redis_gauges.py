"""Gauges of Redis and of the lease, and the stats that other pods read."""

import asyncio
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis as redis_client
from django.conf import settings

from canvas.protocol.signatures import Signer
from moderation import pod_stats
from moderation.pod_stats import RedisPodStats
from pixelsite.observe import metrics
from pixelsite.observe.redis_gauges import RedisGauges, set_info
from pixelsite.redis.connection import SharedConnection
from presence.leases import RedisLeases
from presence.roster import Lease
from tests.support.redis import RedisServer
from tests.support.redis_connection import connect_to
from tests.support.sentinel import PASSWORDS, write_users

pytestmark = pytest.mark.redis

GAUGES = {
    "connected_clients": metrics.redis_clients,
    "pubsub_channels": metrics.pubsub_channels,
    "pubsub_patterns": metrics.pubsub_patterns,
}


@pytest.fixture
def info(redis_server: RedisServer) -> Iterator[Callable[[], dict[str, Any]]]:
    """INFO of the same Redis, which has other clients: two channels, three patterns."""
    with redis_client.Redis.from_url(redis_server.url) as client, client.pubsub() as pubsub:
        pubsub.subscribe("one", "two")
        pubsub.psubscribe("a*", "b*", "c*")
        for _ in range(5):
            assert pubsub.get_message(timeout=1)
        client.ping()  # it is connected itself by now
        yield client.info


async def test_the_gauges_equal_info(
    connection: SharedConnection, info: Callable[[], dict[str, Any]]
) -> None:
    await RedisGauges(connection, "pod-1", lambda: 0).update()
    expected = await asyncio.to_thread(info)
    assert {name: gauge._value.get() for name, gauge in GAUGES.items()} == {
        name: expected[name] for name in GAUGES
    }
    assert (expected["pubsub_channels"], expected["pubsub_patterns"]) == (2, 3)
    assert metrics.redis_up._value.get() == 1


async def write_lease(connection: SharedConnection, site: str, lease: Lease) -> None:
    await RedisLeases(connection, Signer(site, ["key"]), lambda: None).write("pod-1", lease)


@pytest.mark.parametrize(("leased", "sockets", "drift"), [(3, 3, 0), (5, 3, 2), (1, 4, -3)])
async def test_the_drift_is_the_lease_minus_the_sockets(
    connection: SharedConnection, leased: int, sockets: int, drift: int
) -> None:
    await write_lease(connection, settings.SITE_NAME, Lease(leased, ()))
    await RedisGauges(connection, "pod-1", lambda: sockets).update()
    assert metrics.lease_drift._value.get() == drift


async def test_a_lease_that_another_site_wrote_over_counts_nobody(
    connection: SharedConnection,
) -> None:
    await write_lease(connection, "other.example", Lease(3, ()))
    await RedisGauges(connection, "pod-1", lambda: 3).update()
    assert metrics.lease_drift._value.get() == -3


async def test_a_lost_lease_leaves_every_socket_uncounted(connection: SharedConnection) -> None:
    await RedisGauges(connection, "pod-1", lambda: 4).update()
    assert metrics.lease_drift._value.get() == -4


async def test_other_pods_read_the_stats_of_this_one(
    connection: SharedConnection, redis_server: RedisServer
) -> None:
    await RedisGauges(connection, "pod-1", lambda: 0).update()
    assert await RedisPodStats(connection).read(["pod-1", "pod-2"]) == {"pod-1": pod_stats.own()}
    with redis_client.Redis.from_url(redis_server.url) as client:
        assert pod_stats.TTL - 2 <= client.ttl("pod:pod-1:figures") <= pod_stats.TTL


async def test_without_redis_the_gauges_are_nan() -> None:
    with RedisServer() as server:
        connection = connect_to(server.url)
        await RedisGauges(connection, "pod-1", lambda: 0).update()
        server.stop()
        running = asyncio.create_task(RedisGauges(connection, "pod-1", lambda: 0).run())
        await asyncio.sleep(0.3)
        running.cancel()
        await connection.close()
    assert metrics.redis_up._value.get() == 0
    for gauge in (*GAUGES.values(), metrics.lease_drift):
        assert math.isnan(gauge._value.get())


async def test_an_update_is_one_round_trip_of_four_commands(
    connection: SharedConnection, redis_server: RedisServer
) -> None:
    with redis_client.Redis.from_url(redis_server.url) as client:
        gauges = RedisGauges(connection, "pod-1", lambda: 0)
        await gauges.update()
        before = client.info("stats")["total_commands_processed"]
        await gauges.update()
        after = client.info("stats")["total_commands_processed"]
    assert after - before == 4 + 1  # and the first INFO of this test


async def test_the_acl_allows_it_to_a_pod(tmp_path: Path) -> None:
    with RedisServer(
        username="admin", password="what-the-test-knows", aclfile=write_users(tmp_path, "users.acl")
    ) as server:
        address = f"redis://127.0.0.1:{server.port}/0"
        password = PASSWORDS["GATEWAY_PASSWORD"]
        connection = connect_to(address, REDIS_USERNAME="gateway", REDIS_PASSWORD=password)
        await RedisGauges(connection, "pod-1", lambda: 0).update()
        assert await RedisPodStats(connection).read(["pod-1"])
        await connection.close()
    assert metrics.redis_up._value.get() == 1


def test_a_line_that_a_managed_redis_leaves_out_is_unknown_and_no_fault() -> None:
    set_info({"connected_clients": 3}, {"pubsub_patterns": 0})
    assert metrics.redis_clients._value.get() == 3
    assert metrics.pubsub_patterns._value.get() == 0
    assert math.isnan(metrics.pubsub_channels._value.get())
