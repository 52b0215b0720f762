"""Copies of tips in a real Redis, under the rights of a pod: never a fault, and never wrong."""

import gzip
import time
from collections.abc import AsyncIterator, Iterator

import orjson
import pytest
import redis as redis_client
from django.db import connection
from django.test.utils import CaptureQueriesContext

from canvas import metrics
from canvas.ledger import tip_copies, tips
from canvas.models import Canvas, Tip
from canvas.pod import streams
from canvas.pod.hub import Hub
from canvas.pod.relay import Relay
from canvas.pod.sealer import Sealer
from canvas.pod.tip_cache import TipCache
from canvas.services import configure
from pixelsite.conf.redis import TIMEOUT
from pixelsite.redis import copy_store
from pixelsite.redis.copy_store import LIFETIME, RedisCopyStore
from tests.canvas.helpers import drawn, eventually, in_thread, ledger_cells, order
from tests.support.redis import RedisServer
from tests.support.sentinel import ACL_TEMPLATES

pytestmark = [pytest.mark.redis, pytest.mark.both_databases]

KEY = "canvas:main:snapshot"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    users = tmp_path_factory.mktemp("acl") / "users.acl"
    template = (ACL_TEMPLATES / "users.acl").read_text()
    lines = template.replace("${GATEWAY_PASSWORD}", "secret").splitlines()
    gateway = [line for line in lines if line.startswith(("user default", "user gateway"))]
    users.write_text("\n".join([*gateway, "user test on >test ~* &* +@all", ""]))
    with RedisServer(username="gateway", password="secret", aclfile=users) as running:
        yield running


@pytest.fixture
def admin(server: RedisServer) -> Iterator[redis_client.Redis]:
    with redis_client.Redis.from_url(server.url.replace("gateway:secret", "test:test")) as client:
        client.flushall()
        yield client


@pytest.fixture
async def cache(server: RedisServer, admin: object) -> AsyncIterator[TipCache]:
    yield TipCache(RedisCopyStore({"address": server.url, "driver_info": None}))


async def drawn_with_tip(cache: TipCache) -> None:
    """Place three pixels, and store a tip and its copy, as a pod does."""
    await drawn(*(order(x) for x in range(3)))
    await Sealer(Relay(Hub()), cache).keep("main")


async def start(cache: TipCache) -> tuple[bytes, bool]:
    """Start a pod; return its board, and whether the database sent the cells of the tip."""
    relay = Relay(Hub(), tip_cache=cache)
    cells = bytes((await relay.stream("main")).board.cells)
    sent: list[str] = []

    def read_again() -> None:
        with CaptureQueriesContext(connection) as queries:
            streams._read("main", copy)
        sent.extend(each["sql"] for each in queries if '"canvas_tip"."cells"' in each["sql"])

    copy = await cache.read("main")
    await in_thread(read_again)()
    return cells, bool(sent)


def outcomes(name: str) -> float:
    count: float = metrics.tip_copies.labels(name)._value.get()
    return count


async def truth() -> bytes:
    main = await Canvas.objects.aget(slug="main")
    return await in_thread(ledger_cells)(main.meta())


async def test_a_pod_starts_from_the_copy(
    main: Canvas, cache: TipCache, admin: redis_client.Redis
) -> None:
    await drawn_with_tip(cache)
    assert LIFETIME - 60 < int(admin.ttl(KEY)) <= LIFETIME  # type: ignore[arg-type]  # not awaited
    used = outcomes("used")
    assert await start(cache) == (await truth(), False)
    assert outcomes("used") > used


async def test_what_was_placed_since_is_there(main: Canvas, cache: TipCache) -> None:
    await drawn_with_tip(cache)
    await drawn(order(7))
    assert await start(cache) == (await truth(), False)


async def test_a_pod_that_found_none_leaves_one(
    main: Canvas, cache: TipCache, admin: redis_client.Redis
) -> None:
    await drawn_with_tip(cache)
    admin.delete(KEY)
    await Relay(Hub(), tip_cache=cache).stream("main")
    await eventually(lambda: admin.exists(KEY))
    assert await start(cache) == (await truth(), False)


def forgeries(value: bytes) -> dict[str, bytes]:
    head, _, cells = value.partition(b"\n")
    fields = orjson.loads(head)
    other = gzip.compress(b"\x04" * len(gzip.decompress(cells)))

    def headed(**changes: object) -> bytes:
        return orjson.dumps(fields | changes) + b"\n"

    return {
        "empty": b"",
        "nonsense": b"nonsense",
        "no object": b"[1]\n" + cells,
        "no cells": head,
        "no hash": b'{"site": 1}\n' + cells,
        "truncated": value[:-3],
        "other cells": head + b"\n" + other,
        "cells that grow": head + b"\n" + gzip.compress(bytes(2**26)),
        "other site": headed(site="elsewhere") + other,
        "other epoch": headed(epoch=1) + cells,
        "other seq": headed(seq=2) + cells,
        "other hash": headed(sha256="0" * 64) + other,
        "too long": value + bytes(tip_copies.MAX_BYTES),
    }


@pytest.mark.parametrize(
    "name",
    [
        "empty",
        "nonsense",
        "no object",
        "no cells",
        "no hash",
        "truncated",
        "other cells",
        "cells that grow",
        "other site",
        "other epoch",
        "other seq",
        "other hash",
        "too long",
    ],
)
async def test_a_copy_that_does_not_prove_itself_is_as_good_as_none(
    main: Canvas, cache: TipCache, admin: redis_client.Redis, name: str
) -> None:
    await drawn_with_tip(cache)
    whole = admin.get(KEY)
    assert isinstance(whole, bytes)
    admin.set(KEY, forgeries(whole)[name])
    relay = Relay(Hub(), tip_cache=cache)
    assert (await relay.stream("main")).board.cells == await truth()
    await eventually(lambda: admin.get(KEY) == whole)  # another one is stored


async def test_a_value_of_another_type_is_no_fault(
    main: Canvas, cache: TipCache, admin: redis_client.Redis
) -> None:
    await drawn_with_tip(cache)
    admin.delete(KEY)
    admin.rpush(KEY, "one", "two")
    assert (await Relay(Hub(), tip_cache=cache).stream("main")).last == 3


async def test_the_copy_of_a_former_past_is_not_used(main: Canvas, cache: TipCache) -> None:
    await drawn_with_tip(cache)
    await in_thread(configure)("main", {"width": 10})
    assert (await start(cache))[0] == await truth()


async def test_a_copy_that_is_too_large_is_not_kept(
    main: Canvas, cache: TipCache, admin: redis_client.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canvas.pod.tip_cache.MAX_BYTES", 100)
    before = outcomes("too_large")
    await drawn_with_tip(cache)
    assert not admin.exists(KEY)
    assert outcomes("too_large") == before + 1


async def test_together_they_are_bounded(
    main: Canvas, cache: TipCache, admin: redis_client.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    await drawn_with_tip(cache)
    length = len(admin.get(KEY) or b"")  # type: ignore[arg-type]  # not awaited
    monkeypatch.setattr(
        copy_store, "MAX_TOGETHER", length * 3 // 2
    )  # others are as long, or nearly
    other = await Canvas.objects.acreate(slug="other", width=40, height=30, own_cooldown_ms=0)
    await drawn(*(order(x) for x in range(3)), slug="other")
    before = outcomes("full")
    await Sealer(Relay(Hub()), cache).keep("other")
    assert (await Tip.objects.filter(canvas=other).acount(), outcomes("full")) == (1, before + 1)
    assert not admin.exists("canvas:other:snapshot")
    await in_thread(tips.renew)(main.meta())
    copy = await cache.read("main")
    assert copy is not None
    await cache.write("main", copy)
    assert admin.exists(KEY), "one takes the place of its former self"


async def test_a_redis_that_is_away_or_hangs_costs_a_bounded_wait(main: Canvas) -> None:
    await drawn(*(order(x) for x in range(3)))
    await in_thread(tips.renew)(main.meta())
    with RedisServer() as server:
        cache = TipCache(RedisCopyStore({"address": server.url, "driver_info": None}))
        for fault in (server.pause, server.kill):
            fault()
            started, before = time.monotonic(), outcomes("unreachable")
            stream = await Relay(Hub(), tip_cache=cache).stream("main")
            assert stream.board.cells == await truth()
            assert outcomes("unreachable") > before
            assert time.monotonic() - started < TIMEOUT + 15, "the bound, and a busy machine"


async def test_no_stranger_has_redis_asked(
    main: Canvas, cache: TipCache, admin: redis_client.Redis
) -> None:
    """A canvas that does not exist is none of Redis' business."""
    reads = admin.info("commandstats").get("cmdstat_getrange", {}).get("calls", 0)  # type: ignore[union-attr]  # not awaited
    with pytest.raises(Exception, match="no canvas named"):
        await Relay(Hub(), tip_cache=cache).stream("nowhere")
    after = admin.info("commandstats").get("cmdstat_getrange", {}).get("calls", 0)  # type: ignore[union-attr]  # not awaited
    assert after == reads


async def test_a_foreign_value_of_another_type_hinders_no_copy(
    cache: TipCache, admin: redis_client.Redis, main: Canvas
) -> None:
    admin.rpush("canvas:other:snapshot", "x")
    store = cache._store
    assert store is not None
    assert await store.write("main", b"copy", ["main", "other"])
    assert await store.read("main", 100) == b"copy"
