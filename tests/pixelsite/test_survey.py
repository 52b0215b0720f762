"""The figures of Redis are those that Redis tells anybody else who asks."""

import asyncio
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis as redis_client

from moderation import measures
from moderation.measures import RedisMeasures
from pixelsite import metrics
from pixelsite.link import Link
from pixelsite.survey import Survey
from presence.leases import RedisLeases
from presence.roster import Lease
from tests.support.links import link_to
from tests.support.redis import RedisServer
from tests.support.sentinel import PASSWORDS, write_users

FIGURES = {
    "connected_clients": metrics.redis_clients,
    "pubsub_channels": metrics.pubsub_channels,
    "pubsub_patterns": metrics.pubsub_patterns,
}


@pytest.fixture
def info(redis_server: RedisServer) -> Iterator[Callable[[], dict[str, Any]]]:
    """Asks the same Redis, which has other clients: two channels, three patterns."""
    with redis_client.Redis.from_url(redis_server.url) as client, client.pubsub() as pubsub:
        pubsub.subscribe("one", "two")
        pubsub.psubscribe("a*", "b*", "c*")
        for _ in range(5):
            assert pubsub.get_message(timeout=1)
        client.ping()  # it is connected itself by now
        yield client.info


async def test_they_equal_those_of_info(link: Link, info: Callable[[], dict[str, Any]]) -> None:
    await Survey(link, "pod-1", lambda: 0).look()
    told = await asyncio.to_thread(info)
    assert {name: gauge._value.get() for name, gauge in FIGURES.items()} == {
        name: told[name] for name in FIGURES
    }
    assert (told["pubsub_channels"], told["pubsub_patterns"]) == (2, 3)
    assert metrics.redis_up._value.get() == 1


@pytest.mark.parametrize(("leased", "sockets", "drift"), [(3, 3, 0), (5, 3, 2), (1, 4, -3)])
async def test_the_lease_is_held_against_the_sockets(
    link: Link, leased: int, sockets: int, drift: int
) -> None:
    await RedisLeases(link).write("pod-1", Lease(leased, ()))
    await Survey(link, "pod-1", lambda: sockets).look()
    assert metrics.lease_drift._value.get() == drift


async def test_a_lost_lease_leaves_every_socket_uncounted(link: Link) -> None:
    await Survey(link, "pod-1", lambda: 4).look()
    assert metrics.lease_drift._value.get() == -4


async def test_other_pods_read_what_this_one_measures(
    link: Link, redis_server: RedisServer
) -> None:
    await Survey(link, "pod-1", lambda: 0).look()
    assert await RedisMeasures(link).read(["pod-1", "pod-2"]) == {"pod-1": measures.own()}
    with redis_client.Redis.from_url(redis_server.url) as client:
        assert measures.TTL - 2 <= client.ttl("pod:pod-1:figures") <= measures.TTL


async def test_without_redis_they_are_not_numbers() -> None:
    with RedisServer() as server:
        link = link_to(server.url)
        await Survey(link, "pod-1", lambda: 0).look()
        server.stop()
        asking = asyncio.create_task(Survey(link, "pod-1", lambda: 0).run())
        await asyncio.sleep(0.3)
        asking.cancel()
        await link.close()
    assert metrics.redis_up._value.get() == 0
    for gauge in (*FIGURES.values(), metrics.lease_drift):
        assert math.isnan(gauge._value.get())


async def test_it_costs_one_round_trip_of_four_commands(
    link: Link, redis_server: RedisServer
) -> None:
    with redis_client.Redis.from_url(redis_server.url) as client:
        survey = Survey(link, "pod-1", lambda: 0)
        await survey.look()
        before = client.info("stats")["total_commands_processed"]
        await survey.look()
        after = client.info("stats")["total_commands_processed"]
    assert after - before == 4 + 1  # and the INFO that counted


async def test_a_pods_user_of_the_acl_may_ask(tmp_path: Path) -> None:
    with RedisServer(
        username="admin", password="what-the-test-knows", aclfile=write_users(tmp_path)
    ) as server:
        address = f"redis://127.0.0.1:{server.port}/0"
        password = PASSWORDS["GATEWAY_PASSWORD"]
        link = link_to(address, REDIS_USERNAME="gateway", REDIS_PASSWORD=password)
        await Survey(link, "pod-1", lambda: 0).look()
        assert await RedisMeasures(link).read(["pod-1"])
        await link.close()
    assert metrics.redis_up._value.get() == 1
