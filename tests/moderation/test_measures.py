"""What other pods measure is shown, and whatever else lies at their keys is nothing."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from prometheus_client import Counter, Gauge

from canvas.gateway import Gateway
from moderation import figures, measures
from moderation.measures import Measures, RedisMeasures, decode, encode, key_of
from pixelsite.link import Link
from presence.roster import Lease
from tests.canvas.helpers import in_thread
from tests.support.links import link_to
from tests.support.redis import RedisServer

TOLD = Measures(*range(1, 11))


@pytest.fixture
def shared(link: Link) -> Iterator[RedisMeasures]:
    shared = RedisMeasures(link)
    measures.install(shared)
    yield shared
    measures.install(None)


def spoilt(**changes: Any) -> bytes:
    return json.dumps({**TOLD._asdict(), **changes}).encode()


def test_what_is_told_is_what_is_heard() -> None:
    assert decode(encode(TOLD)) == TOLD


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
        encode(TOLD)[:-1],
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_no_pod_would_tell_is_unknown(value: bytes | None) -> None:
    assert decode(value) is None


def test_a_total_is_over_the_labels_that_are_asked_for() -> None:
    counter = Counter("measured_in_a_test", "…", ["which"], registry=None)
    counter.labels("gap").inc(2)
    counter.labels("check").inc(5)
    assert (measures.total(counter), measures.total(counter, which="gap")) == (7, 2)
    gauge = Gauge("also_measured_in_a_test", "…", registry=None)
    gauge.set(3)
    assert measures.total(gauge) == 3


async def test_a_pod_is_shown_as_it_told(
    pod: Gateway, shared: RedisMeasures, link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    leases = {name: Lease(3, ()) for name in ("pod-1", "pod-2", "silent", "broken", "listed")}
    monkeypatch.setattr(pod.presence, "leases", lambda: leases)
    async with link.turn() as redis:
        await redis.set(key_of("pod-2"), encode(TOLD))
        await redis.set(key_of("pod-1"), encode(TOLD))  # this one knows better
        await redis.set(key_of("broken"), b"\x00")
        await redis.hset(key_of("listed"), "sockets", "1")  # type: ignore[misc]  # or not to be awaited
    shown = {each.pod_id: each for each in (await in_thread(figures.read)()).pods}
    assert {name: each.measures for name, each in shown.items()} == {
        "pod-1": measures.own(),
        "pod-2": TOLD,
        "silent": None,
        "broken": None,
        "listed": None,
    }
    assert (shown["pod-2"].drift, shown["silent"].drift) == (2, 0)


async def test_the_page_marks_what_is_wrong(
    pod: Gateway,
    shared: RedisMeasures,
    link: Link,
    desk: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leases = {name: Lease(3, ()) for name in ("pod-1", "pod-2", "silent<b>")}
    monkeypatch.setattr(pod.presence, "leases", lambda: leases)
    async with link.turn() as redis:
        await redis.set(key_of("pod-2"), encode(TOLD))
    answer = await in_thread(desk.get)("/admin/moderation/operation/overview/")
    page = answer.content.decode()
    assert "(+2 by its lease)" in page
    assert "<strong>now</strong>, 10 s" in page
    assert page.count("unknown: it has not told") == 1
    assert "silent&lt;b&gt;" in page


async def test_without_redis_a_pod_knows_of_itself(
    pod: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    leases = {"pod-1": Lease(0, ()), "pod-2": Lease(0, ())}
    monkeypatch.setattr(pod.presence, "leases", lambda: leases)
    with RedisServer() as server:
        link = link_to(server.url)
        measures.install(RedisMeasures(link))
        server.stop()
        shown = await asyncio.wait_for(in_thread(figures.read)(), 5)
        measures.install(None)
        await link.close()
    assert [each.measures for each in shown.pods] == [measures.own(), None]
    alone = await in_thread(figures.read)()
    assert [each.measures for each in alone.pods] == [measures.own(), None]
