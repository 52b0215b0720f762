"""The load of presence on Redis as pods are added, and on each socket."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from redis.asyncio import Redis

from accounts.names import GUEST
from bench.progress import log
from bench.rig import Rig
from bench.section import Claim, Section
from canvas.pod.broker import Broker
from canvas.pod.hub import Hub
from canvas.pod.people_feed import PeopleFeed
from canvas.protocol import events
from canvas.protocol.announcements import USER_CHANNEL, user_update
from canvas.protocol.events import Event
from canvas.protocol.signatures import signer
from pixelsite.redis.layers import RedisLayer
from presence.crowd import People
from presence.leases import RedisLeases
from presence.service import Presence

PEOPLE = 10_000
CHANGES = 100  # people who come, and as many who go, a second
PODS = 5, 10, 25, 50
SETTLE = 4.0  # seconds
WINDOW = 5.0  # seconds
LONG = 60.0  # seconds, for the bytes of a socket: several lists
# Redis counts what a script calls as well: a pod reads eight leases by one script.
OF_SCRIPTS = "cmdstat_get", "cmdstat_strlen"


class CountingHub(Hub):
    """A hub without sockets that counts the bytes which each would get."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = 0

    def notify_all(self, event: Event) -> None:
        self.bytes += len(events.encode(event).encode()) + 4


class Pod:
    """The presence of one pod and the broker that carries it: no sockets, no canvas."""

    def __init__(self, number: int, redis_url: str) -> None:
        self.hub = CountingHub()
        self.former_bytes = 0  # to each socket, with the whole list at each change
        self._feed = PeopleFeed(self.hub, asyncio.get_running_loop())
        self._layer = RedisLayer(hosts=[{"address": redis_url}])
        self._broker = Broker(self._layer, self._hear, _nothing, lambda ready: None, _nothing)
        self.presence = Presence(
            f"pod-{number}",
            RedisLeases(self._layer.connection, signer(), _nothing),
            lambda: self._broker.publish(USER_CHANNEL, [user_update(f"pod-{number}")]),
            self._tell,
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

    def _tell(self, people: People) -> None:
        self._feed.tell(people)
        listed = events.user_list(people.names, people.count, 10**12)
        both = events.stats(people.count, 10**12), listed
        self.former_bytes += sum(len(events.encode(event).encode()) + 4 for event in both)

    async def stop(self) -> None:
        self._feed.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._layer.flush()


@dataclass(frozen=True)
class Cost:
    """The load of so many pods on Redis."""

    pods: int
    commands: float  # a second, as pods send them
    kilobytes: float  # a second, in and out
    counted: int  # people, by some pod
    socket: float  # bytes a second to each socket, over LONG
    former: float  # the same, with the whole list at each change


def run(rig: Rig, rounds: int) -> Section:
    costs = []
    for count in PODS:
        rig.redis.flush()
        costs.append(asyncio.run(measure(count, rig.redis.url)))
        log(f"presence: {costs[-1]}")
    few, many = costs[0], costs[-1]
    crowd = costs[1]
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
            ),
            Claim(
                f"presence: bytes/s to an idle socket among {PEOPLE:,} people, {crowd.pods} pods",
                "<= 300",
                f"{crowd.socket:.0f}; {crowd.former:,.0f} with the whole list at each change,"
                f" {crowd.former / crowd.socket:.0f} x",
                crowd.socket <= 300,
            ),
        ],
    )


async def measure(count: int, redis_url: str) -> Cost:
    pods = [Pod(number, redis_url) for number in range(count)]
    for person in range(PEOPLE):
        pods[person % count].presence.enter(id_of(person), name_of(person))
    coming = asyncio.create_task(come_and_go(pods))
    await asyncio.sleep(SETTLE)
    async with Redis.from_url(redis_url) as redis:
        before, started = await load_of(redis), time.monotonic()
        await asyncio.sleep(WINDOW)
        after, seconds = await load_of(redis), time.monotonic() - started
    counted = pods[0].presence.everyone().count
    watched, since = pods[0], time.monotonic()
    told, formerly = watched.hub.bytes, watched.former_bytes
    await asyncio.sleep(LONG if count == PODS[1] else WINDOW)
    told, formerly = watched.hub.bytes - told, watched.former_bytes - formerly
    watching = time.monotonic() - since
    coming.cancel()
    await asyncio.gather(*(pod.stop() for pod in pods))

    commands = (after.commands - before.commands) / seconds
    kilobytes = (after.bytes - before.bytes) / seconds / 1024
    return Cost(count, commands, kilobytes, counted, told / watching, formerly / watching)


class Load(NamedTuple):
    """Counts of Redis since its start: commands that clients sent, bytes in and out."""

    commands: int
    bytes: int


async def load_of(redis: Redis) -> Load:
    calls: dict[str, Any] = await redis.info("commandstats")
    stats: dict[str, Any] = await redis.info("stats")
    commands = sum(each["calls"] for name, each in calls.items() if name not in OF_SCRIPTS)
    return Load(commands, stats["total_net_input_bytes"] + stats["total_net_output_bytes"])


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
