"""A Redis that loses, delays, repeats and reorders, hangs, ends and forgets: keys and channels."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

import orjson

from canvas.pod.broker import BrokerDown
from presence.leases import SEARCH_SCRIPT
from simulation.loop import Machine, VirtualLoop

TIMEOUT = 1.0  # seconds that a command waits for a Redis that hangs
NOTICED = 2.5  # seconds until a pod knows that its subscription is dead
BACK = 0.5  # seconds from then on until it has another one
MAX_QUEUED = 50_000  # messages on their way to one pod


@dataclass
class Weather:
    """The chances, of 1, that a message to one pod is lost and so on; `delay` in seconds."""

    lost: float = 0.0
    repeated: float = 0.0
    reordered: float = 0.0
    delay: float = 0.0


class Redis:
    """One server: its keys, with the moments at which they run out, and its subscribers."""

    def __init__(self, loop: VirtualLoop, seed: str) -> None:
        self.loop = loop
        self.chance = random.Random(f"{seed}/redis")
        self.layers: list[Layer] = []
        self.is_down = False
        self.hangs = False
        self.published = 0
        self._keys: dict[str, tuple[bytes, float]] = {}
        self._said: list[tuple[str, bytes]] = []  # some of it, for forgeries
        self.copies: list[bytes] = []  # of tips, all that were ever written

    def get(self, key: str) -> bytes | None:
        value, until = self._keys.get(key, (b"", 0.0))
        return value if until > self.loop.time() else None

    def set(self, key: str, seconds: float, value: bytes) -> None:
        self._keys[key] = (value, self.loop.time() + seconds)

    def delete(self, key: str) -> None:
        self._keys.pop(key, None)

    def keys(self, pattern: str) -> list[str]:
        return [key for key in self._keys if fnmatchcase(key, pattern) and self.get(key)]

    def empty(self) -> None:
        self._keys.clear()

    def publish(self, group: str, payload: bytes) -> None:
        self.published += 1
        if len(self._said) < 500 or self.chance.random() < 0.1:
            self._said[self.published % 500 :] = [(group, payload)]
        for layer in self.layers:
            layer.deliver(group, payload)

    def forge(self) -> None:
        """Publish something that no pod has said, or not now."""
        if not self._said:
            return
        group, payload = self.chance.choice(self._said)
        message = orjson.loads(payload)
        lies: list[Mapping[str, Any]] = [
            {},  # it was said long ago
            {"seq": self.chance.randrange(1, 2_000)},
            {"x": self.chance.randrange(8), "y": self.chance.randrange(8)},
            {"sig": "00" * 16},
            {"sig": None},
            {"epoch": 7},
            {"revision": self.chance.randrange(1, 9)},
            {"podId": f"pod-{self.chance.randrange(9)}"},
            {"site": "another.example"},
            {"type": self.chance.choice(["canvas_advanced", "user_expelled", "no_such"])},
            {"pixels": [[0, 0, 1]]},
        ]
        self.publish(group, orjson.dumps(message | self.chance.choice(lies)))


class Layer:
    """The channel layer of one pod, and its connection for commands."""

    def __init__(self, redis: Redis, machine: Machine) -> None:
        self.redis = redis
        self.weather = Weather()
        self.is_cut = False
        self._machine = machine
        self._chance = random.Random(redis.chance.random())
        self._groups: set[str] = set()
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(MAX_QUEUED)
        self._arrives = 0.0
        self._holds = True
        self._on_subscribed: Callable[[bool], None] = lambda holds: None
        redis.layers.append(self)

    @property
    def connection(self) -> "Layer":
        return self

    @property
    def reaches(self) -> bool:
        return not (self.is_cut or self.redis.is_down or self.redis.hangs)

    # --- canvas.pod.broker.Layer

    async def new_channel(self) -> str:
        self._queue = asyncio.Queue(MAX_QUEUED)
        return "channel"

    async def group_add(self, group: str, channel: str) -> None:
        self._groups.add(group)

    async def receive(self, channel: str) -> Mapping[str, Any]:
        message: Mapping[str, Any] = orjson.loads(await self._queue.get())
        return message

    async def group_send_many(self, group: str, messages: Sequence[Mapping[str, Any]]) -> None:
        try:
            await self._reach()
        except OSError as error:
            raise BrokerDown from error
        for message in messages:
            self.redis.publish(group, orjson.dumps(message))

    async def ping(self) -> None:
        try:
            await self._reach()
        except OSError as error:
            raise BrokerDown from error

    async def flush(self) -> None:
        self._groups.clear()

    def watch(self, on_subscribed: Callable[[bool], None]) -> None:
        self._on_subscribed = on_subscribed

    # --- the network

    def deliver(self, group: str, payload: bytes) -> None:
        """Bring a message to the pod, in the order of those before, as the weather allows."""
        weather, chance, loop = self.weather, self._chance, self.redis.loop
        if group not in self._groups or not self._holds or not self.reaches:
            return
        if chance.random() < weather.lost:
            return
        for _ in range(2 if chance.random() < weather.repeated else 1):
            when = loop.time() + 0.0005 + chance.random() * (0.002 + weather.delay)
            if chance.random() >= weather.reordered:
                when = self._arrives = max(when, self._arrives + 1e-6)
            loop.call_at(when, self._arrive, payload, context=loop.outside)

    def _arrive(self, payload: bytes) -> None:
        if self._holds and not self._queue.full():
            self._queue.put_nowait(payload)

    def check(self) -> None:
        """Have the pod notice that its subscription is lost, or holds again."""
        later = partial(self.redis.loop.call_later, context=self.redis.loop.outside)
        if self._holds and not self.reaches:
            later(NOTICED, self._notice)
        elif not self._holds and self.reaches:
            later(BACK, self._resubscribe)

    def _notice(self) -> None:
        if self._holds and not self.reaches:
            self._holds = False
            self._machine.call(self._on_subscribed, False)

    def _resubscribe(self) -> None:
        if not self._holds and self.reaches:
            self._holds = True
            self._machine.call(self._on_subscribed, True)

    async def _reach(self) -> None:
        """Make a round trip; raise ConnectionError."""
        await asyncio.sleep(0.0005 + self._chance.random() * 0.002)
        if self.redis.is_down:
            raise ConnectionError("refused")
        if not self.reaches:
            await asyncio.sleep(TIMEOUT)
            raise ConnectionError("no answer")

    # --- runtime.redis.RedisConnection, with the commands that leases and audiences use

    @asynccontextmanager
    async def turn(self) -> AsyncIterator["Layer"]:
        await self._reach()
        yield self

    async def setex(self, key: str, seconds: int, value: bytes) -> None:
        self.redis.set(key, seconds, value)

    async def values(self, keys: Sequence[str], longest: int) -> AsyncIterator[bytes | None]:
        async with self.turn():
            found = [self.redis.get(key) for key in keys]
        for value in found:
            yield value if value is not None and len(value) <= longest else None

    async def delete(self, key: str) -> None:
        self.redis.delete(key)

    async def eval(self, script: str, count: int, *arguments: Any) -> Any:
        """Run a script of the leases, by what it does."""
        if script == SEARCH_SCRIPT:
            _cursor, pattern, *_ = arguments
            return b"0", [key.encode() for key in self.redis.keys(pattern)]
        key, value = arguments
        if self.redis.get(key) == value:
            self.redis.delete(key)
        return None
