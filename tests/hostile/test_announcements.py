"""Fuzzed messages on Redis, with a valid signature and without, change no board for long."""

import asyncio
import json
from collections.abc import Callable
from functools import partial
from random import Random

import psycopg
import redis.asyncio as redis
from psycopg.rows import dict_row

from canvas.domain.rules import CanvasMeta
from tests.hostile.announcements import CHANNELS, lease, lie, unproven
from tests.hostile.seeds import seeded, seeds, size
from tests.hostile.site import PALETTE, Site
from tests.hostile.witness import witnessed
from tests.support.cells import SIDE

MESSAGES = size(short=3_000, long=100_000)
LIES = size(short=300, long=10_000)
TOGETHER = 50  # messages of one round trip
HEARD = 20  # real messages that are changed
OTHERS = ["pod:pod-1:users", "pod:pod-1:figures", "canvas:main:snapshot", "asgi", "", "pixel-*"]


def meta_of(site: Site) -> CanvasMeta:
    """Return the rules that the pod goes by, which a liar has to know."""
    with psycopg.connect(site.database_url, row_factory=dict_row) as connection:
        row = connection.execute(
            "SELECT epoch, revision FROM canvas_canvas WHERE slug = 'main'"
        ).fetchone()
    assert row is not None
    palette = tuple(PALETTE)
    return CanvasMeta(1, "main", SIDE, SIDE, palette, cooldown_ms=0, frozen=False, **row)


async def heard_by(client: redis.Redis) -> list[bytes]:
    """Return messages that pods have published."""
    heard: list[bytes] = []
    async with client.pubsub() as listening:
        await listening.subscribe(*CHANNELS)
        async with asyncio.timeout(30):
            while len(heard) < HEARD:
                message = await listening.get_message(ignore_subscribe_messages=True, timeout=1)
                if message:
                    heard.append(message["data"])
    return heard


async def publish(
    client: redis.Redis, random: Random, count: int, make: Callable[[], bytes]
) -> None:
    for _ in range(0, count, TOGETHER):
        async with client.pipeline(transaction=False) as pipeline:
            for _ in range(TOGETHER):
                pipeline.publish(random.choice([*CHANNELS, *CHANNELS, *OTHERS]), make())
            await pipeline.execute()
        await asyncio.sleep(0)


async def test_without_a_signature_nothing_is_believed(site: Site) -> None:
    meta = meta_of(site)
    for seed, divisor in seeds("announcements"):
        with seeded("announcements", seed):
            random = Random(seed)
            async with witnessed(site), redis.Redis.from_url(site.redis.url) as client:
                heard = await heard_by(client)
                last = await asyncio.to_thread(site.last)
                make = partial(unproven, random, heard, meta, last)
                await publish(client, random, MESSAGES // divisor, make)


async def test_leases_of_any_form_are_read_or_passed_over(site: Site) -> None:
    for seed, _ in seeds("announcements"):
        with seeded("announcements", seed):
            random = Random(seed)
            async with witnessed(site), redis.Redis.from_url(site.redis.url) as client:
                for number in range(100):
                    pod_id = random.choice(["", "*", "pod-1:x", "\xff", f"p-{number}", "x" * 500])
                    await client.setex(f"pod:{pod_id}:users", 5, lease(random))
                    told = json.dumps({"type": "user_update", "podId": pod_id})
                    await client.publish("user-events", told)
                await asyncio.sleep(5.5)  # until they have run out


async def test_lies_of_one_who_has_the_key_last_until_the_ledger_is_read(site: Site) -> None:
    for seed, divisor in seeds("announcements"):
        with seeded("announcements", seed):
            random = Random(seed)
            async with witnessed(site) as witness, redis.Redis.from_url(site.redis.url) as client:
                witness.may_resync = True
                for _ in range(LIES // divisor // TOGETHER):
                    make = partial(lie, random, meta_of(site), site.last())
                    await publish(client, random, TOGETHER, make)
                    await asyncio.sleep(0.2)
