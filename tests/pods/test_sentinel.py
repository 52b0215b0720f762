"""Redis with Sentinel, TLS, passwords and an ACL: the primary is killed, or hangs."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from redis.exceptions import NoPermissionError

from tests.pods.conftest import StartPods
from tests.pods.drawing import verify, watching
from tests.pods.test_outages import check, draw_through
from tests.support.redis import RedisServer
from tests.support.sentinel import SentinelRig
from tests.support.sockets import Watcher

FAILOVER = 5.0  # seconds until pods publish again

pytestmark = [pytest.mark.pods, pytest.mark.timeout(120), pytest.mark.measured]


@pytest.fixture
def rig() -> Iterator[SentinelRig]:
    with SentinelRig() as rig:
        yield rig


@pytest.mark.parametrize("fault", [RedisServer.kill, RedisServer.pause], ids=["killed", "hung"])
def test_pods_publish_again_when_the_primary_is_lost(
    fault: Callable[[RedisServer], None], rig: SentinelRig, start_pods: StartPods, database_url: str
) -> None:
    pods = start_pods(2, **rig.environment)

    async def lose(watchers: list[Watcher]) -> None:
        fault(rig.primary())
        for watcher in watchers:
            await watcher.until(lambda w=watcher: w.newest("status").get("degraded") is True)
        for watcher in watchers:
            await watcher.until(lambda w=watcher: w.newest("status").get("degraded") is False)

    async def scenario() -> None:
        async with watching(pods, timed=True) as watchers:

            async def outage() -> None:
                async with asyncio.timeout(FAILOVER):
                    await lose(watchers)

            check(await draw_through(outage(), watchers))

    asyncio.run(scenario())
    verify(database_url, pods)


def test_the_acl_allows_all_that_pods_do(rig_of_module: SentinelRig, start_pods: StartPods) -> None:
    pods = start_pods(2, **rig_of_module.environment)

    async def scenario() -> None:
        async with watching(pods, each=2) as watchers:
            await asyncio.sleep(5.2)  # past a sweep of the leases
            assert not any(watcher.of_type("status") for watcher in watchers)

    asyncio.run(scenario())
    for pod in pods:
        assert pod.stop() is not None
    with rig_of_module.gateway_client() as client:
        assert list(client.scan_iter("pod:*")) == [], "each pod could delete its lease"


@pytest.mark.parametrize(
    "command",
    [
        ("FLUSHALL",),
        ("CONFIG", "GET", "*"),
        ("KEYS", "*"),
        ("GET", "secret"),
        ("SETEX", "canvas:main", "60", "x"),
        ("PUBLISH", "other", "x"),
        ("PSUBSCRIBE", "*"),
        ("ACL", "LIST"),
    ],
    ids=" ".join,
)
def test_everything_else_is_denied(command: tuple[str, ...], rig_of_module: SentinelRig) -> None:
    denied = pytest.raises(NoPermissionError)
    with rig_of_module.gateway_client() as client, denied:
        client.execute_command(*command)


@pytest.fixture(scope="module")
def rig_of_module() -> Iterator[SentinelRig]:
    with SentinelRig() as rig:
        yield rig
