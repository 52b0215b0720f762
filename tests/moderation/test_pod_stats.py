"""Statistics of other pods are shown, and any other value at their keys is ignored."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from prometheus_client import Counter, Gauge

from canvas.pod.pod import Pod
from moderation import overview, pod_stats
from moderation.pod_stats import PodStats, RedisPodStats, decode, encode, key_of
from pixelsite.redis.connection import SharedConnection
from presence.roster import Lease
from tests.canvas.helpers import in_thread
from tests.support.redis import RedisServer
from tests.support.redis_connection import connect_to

STATS = PodStats(*range(1, 11))


@pytest.fixture
def shared(connection: SharedConnection) -> Iterator[RedisPodStats]:
    shared = RedisPodStats(connection)
    pod_stats.shared_stats.set(shared)
    yield shared
    pod_stats.shared_stats.reset()


def spoilt(**changes: Any) -> bytes:
    return json.dumps({**STATS._asdict(), **changes}).encode()


def test_statistics_come_back_from_their_encoding() -> None:
    assert decode(encode(STATS)) == STATS


@pytest.mark.parametrize(
    "value",
    [
        None,
        b"",
        b"\xff\xfe",
        b"{",
        b"null",
        b"7",
        b"[1, 2, 3]",
        b"{}",
        b"[" * 100_000,
        spoilt(sockets=-1),
        spoilt(sockets="3"),
        spoilt(sockets=1.5),
        spoilt(sockets=None),
        spoilt(sockets=True),
        spoilt(sockets=2**63),
        spoilt(sockets=[1]),
        spoilt(another=1),
        encode(STATS)[:-1],
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_value_that_no_pod_writes_is_ignored(value: bytes | None) -> None:
    assert decode(value) is None


def test_a_total_sums_the_given_labels() -> None:
    counter = Counter("measured_in_a_test", "…", ["which"], registry=None)
    counter.labels("gap").inc(2)
    counter.labels("check").inc(5)
    assert (pod_stats.total(counter), pod_stats.total(counter, which="gap")) == (7, 2)
    gauge = Gauge("also_measured_in_a_test", "…", registry=None)
    gauge.set(3)
    assert pod_stats.total(gauge) == 3


async def test_other_pods_are_shown_by_their_statistics(
    pod: Pod, shared: RedisPodStats, connection: SharedConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    leases = {name: Lease(3, ()) for name in ("pod-1", "pod-2", "silent", "broken", "listed")}
    monkeypatch.setattr(pod.presence, "leases", lambda: leases)
    async with connection.turn() as redis:
        await redis.set(key_of("pod-2"), encode(STATS))
        await redis.set(key_of("pod-1"), encode(STATS))  # not read: this pod counts itself
        await redis.set(key_of("broken"), b"\x00")
        await redis.hset(key_of("listed"), "sockets", "1")  # type: ignore[misc]  # the stubs allow a plain int
    shown = {each.pod_id: each for each in (await in_thread(overview.read)()).pods}
    assert {name: each.stats for name, each in shown.items()} == {
        "pod-1": pod_stats.own(),
        "pod-2": STATS,
        "silent": None,
        "broken": None,
        "listed": None,
    }
    assert (shown["pod-2"].drift, shown["silent"].drift) == (2, 0)


async def test_the_page_marks_drift_and_degraded_pods(
    pod: Pod,
    shared: RedisPodStats,
    connection: SharedConnection,
    as_moderator: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leases = {name: Lease(3, ()) for name in ("pod-1", "pod-2", "silent<b>")}
    monkeypatch.setattr(pod.presence, "leases", lambda: leases)
    async with connection.turn() as redis:
        await redis.set(key_of("pod-2"), encode(STATS))
    answer = await in_thread(as_moderator.get)("/admin/moderation/operation/overview/")
    page = answer.content.decode()
    assert "(+2 by its lease)" in page
    assert "<strong>now</strong>, 10 s" in page
    assert page.count("unknown: it has not told") == 1
    assert "silent&lt;b&gt;" in page


@pytest.mark.redis
async def test_without_redis_a_pod_shows_itself_alone(
    pod: Pod, monkeypatch: pytest.MonkeyPatch
) -> None:
    leases = {"pod-1": Lease(0, ()), "pod-2": Lease(0, ())}
    monkeypatch.setattr(pod.presence, "leases", lambda: leases)
    with RedisServer() as server:
        connection = connect_to(server.url)
        pod_stats.shared_stats.set(RedisPodStats(connection))
        server.stop()
        shown = await asyncio.wait_for(in_thread(overview.read)(), 5)
        pod_stats.shared_stats.reset()
        await connection.close()
    assert [each.stats for each in shown.pods] == [pod_stats.own(), None]
    alone = await in_thread(overview.read)()
    assert [each.stats for each in alone.pods] == [pod_stats.own(), None]
