"""The load of presence on Redis as pods are added."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from redis.asyncio import Redis

from accounts.names import GUEST
from bench.progress import log
from bench.rig import Rig
from bench.section import Claim, Section
from canvas.pod.broker import Broker
from canvas.protocol.announcements import USER_CHANNEL, user_update
from pixelsite.redis.layers import RedisLayer
from presence.leases import RedisLeases
from presence.service import Presence

PEOPLE = 10_000
CHANGES = 100  # people who come, and as many who go, a second
PODS = 5, 10, 25, 50
SETTLE = 4.0  # seconds
WINDOW = 5.0  # seconds


class Pod:
    """The presence of one pod and the broker that carries it: no sockets, no canvas."""

    def __init__(self, number: int, redis_url: str) -> None:
        self._layer = RedisLayer(hosts=[{"address": redis_url}])
        self._broker = Broker(self._layer, self._hear, _nothing, lambda ready: None, _nothing)
        self.presence = Presence(
            f"pod-{number}",
            RedisLeases(self._layer.connection, settings.SITE_NAME, _nothing),
            lambda: self._broker.publish(USER_CHANNEL, [user_update(f"pod-{number}")]),
            lambda people: None,
            _nothing,
            GUEST,
        )
        presence = self.presence
        parts = (
            self._broker.read,
            self._broker.write,
            presence.renew_lease,
            presence.broadcast_changes,
        )
        self._tasks = [asyncio.create_task(part()) for part in (*parts, presence.discover)]

    def _hear(self, message: object) -> None:
        if isinstance(message, dict):
            self.presence.lease_changed(message["podId"])

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._layer.flush()


@dataclass(frozen=True)
class Cost:
    """The load of so many pods on Redis."""

    pods: int
    commands: float  # a second
    kilobytes: float  # a second, in and out
    counted: int  # people, by some pod


def run(rig: Rig, rounds: int) -> Section:
    costs = []
    for count in PODS:
        rig.redis.flush()
        costs.append(asyncio.run(measure(count, rig.redis.url)))
        log(f"presence: {costs[-1]}")
    few, many = costs[0], costs[-1]
    growth = (many.commands / few.commands) / (many.pods / few.pods)
    return Section(
        "Presence",
        f"{PEOPLE:,} people on so many pods; {CHANGES} come and {CHANGES} go each second. A pod"
        " writes its lease and reads the changed ones at most twice a second, so Redis answers"
        " O(pods) commands for any number of people. Bytes grow with pods times names. The"
        " pods' presence ran in one process, with connections of their own.",
        ("pods", "Redis commands/s", "a pod", "KB/s through Redis", "people counted"),
        [
            (
                str(cost.pods),
                f"{cost.commands:,.0f}",
                f"{cost.commands / cost.pods:.1f}",
                f"{cost.kilobytes:,.0f}",
                f"{cost.counted:,}",
            )
            for cost in costs
        ],
        [
            Claim(
                f"presence: Redis commands a pod, {many.pods} pods to {few.pods}",
                "O(pods): <= 1.2 x",
                f"{growth:.2f} x",
                growth <= 1.2,
            )
        ],
    )


async def measure(count: int, redis_url: str) -> Cost:
    pods = [Pod(number, redis_url) for number in range(count)]
    for person in range(PEOPLE):
        pods[person % count].presence.enter(id_of(person), name_of(person))
    coming = asyncio.create_task(come_and_go(pods))
    await asyncio.sleep(SETTLE)
    async with Redis.from_url(redis_url) as redis:
        before, started = await redis.info("stats"), time.monotonic()
        await asyncio.sleep(WINDOW)
        after, seconds = await redis.info("stats"), time.monotonic() - started
    counted = pods[0].presence.everyone().count
    coming.cancel()
    await asyncio.gather(*(pod.stop() for pod in pods))

    def rate(*names: str) -> float:
        return float(sum(after[name] - before[name] for name in names)) / seconds

    kilobytes = rate("total_net_input_bytes", "total_net_output_bytes") / 1024
    return Cost(count, rate("total_commands_processed"), kilobytes, counted)


async def come_and_go(pods: Sequence[Pod]) -> None:
    person = PEOPLE
    while True:
        pod = random.choice(pods).presence
        pod.enter(id_of(person), name_of(person))
        await asyncio.sleep(1 / CHANGES)
        pod.leave(id_of(person))
        person += 1


def id_of(person: int) -> str:
    return f"{person:016x}"


def name_of(person: int) -> str:
    return f"{GUEST}{person:08X}"


def _nothing() -> None:
    pass
