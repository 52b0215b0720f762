"""The audience of each canvas: how many people look at it, on this pod and on the others."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from typing import Protocol

import orjson

from runtime.redis import RedisConnection
from runtime.waiting import about

INTERVAL = 15.0  # seconds between two exchanges
TTL = 60  # seconds that a pod's counts are valid: it may have crashed
MAX_CANVASES = 1_000  # told by one pod, the fullest first
MAX_BYTES = 128 * 1024  # of what is believed of another pod: a slug has at most 50 characters
MAX_COUNT = 1_000_000
MAX_ELSEWHERE = 20_000  # canvases of which the audience on other pods is kept

Counts = Mapping[str, int]  # people by slug


class SharedAudience(Protocol):
    """Storage of the audiences of all pods."""

    async def exchange(self, counts: Counts, others: Collection[str]) -> Counts:
        """Store this pod's counts; return those of the other pods together, by their ids.

        Raise OSError when the storage does not answer.
        """

    async def release(self) -> None:
        """Delete this pod's counts; raise OSError when the storage does not answer."""


class RedisAudience:
    """Counts in the keys `pod:{podId}:audience`, which run out after TTL."""

    def __init__(self, redis: RedisConnection, pod_id: str) -> None:
        self._redis = redis
        self._pod_id = pod_id

    async def exchange(self, counts: Counts, others: Collection[str]) -> Counts:
        async with self._redis.turn() as redis:
            await redis.setex(_key_of(self._pod_id), TTL, orjson.dumps(counts))
        told = Counter[str]()
        async for value in self._redis.values([_key_of(each) for each in others], MAX_BYTES):
            for slug, people in _decode(value).items():
                if slug in told or len(told) < MAX_ELSEWHERE:
                    told[slug] += people
        return told

    async def release(self) -> None:
        async with self._redis.turn() as redis:
            await redis.delete(_key_of(self._pod_id))


class Audience:
    """Counts each person once a canvas on this pod, and adds what the other pods tell."""

    def __init__(
        self, others: Callable[[], Iterable[str]], shared: SharedAudience | None = None
    ) -> None:
        self._others = others
        self._shared = shared
        self._sockets: dict[str, Counter[str]] = {}  # of each person, by slug
        self._elsewhere: Counts = {}

    def enter(self, slug: str, person: str) -> None:
        self._sockets.setdefault(slug, Counter())[person] += 1

    def leave(self, slug: str, person: str) -> None:
        here = self._sockets[slug]
        here[person] -= 1
        if not here[person]:
            del here[person]
        if not here:
            del self._sockets[slug]

    def own(self) -> dict[str, int]:
        """Return the people of this pod by slug, of the fullest canvases."""
        counts = Counter({slug: len(people) for slug, people in self._sockets.items()})
        return dict(counts.most_common(MAX_CANVASES))

    def of(self, slug: str) -> int:
        """Return the people of a canvas on all pods; one on two pods counts twice."""
        return len(self._sockets.get(slug, ())) + self._elsewhere.get(slug, 0)

    async def run(self) -> None:
        """Exchange with the other pods, for ever; without them this pod's people are all."""
        while True:
            self._elsewhere = await self._exchange(self._shared) if self._shared else {}
            await asyncio.sleep(about(INTERVAL, 0.2))

    async def release(self) -> None:
        """Tell the other pods that this one has nobody any more, once `run` has ended."""
        if self._shared is not None:
            with suppress(OSError):  # the counts run out
                await self._shared.release()

    async def _exchange(self, shared: SharedAudience) -> Counts:
        try:
            return await shared.exchange(self.own(), tuple(self._others()))
        except OSError:
            return {}


def _key_of(pod_id: str) -> str:
    return f"pod:{pod_id}:audience"


def _decode(value: bytes | None) -> dict[str, int]:
    """Read another pod's counts; none for a value of another form."""
    if value is None or len(value) > MAX_BYTES:
        return {}
    try:
        counts = orjson.loads(value)
    except orjson.JSONDecodeError:
        return {}
    sound = isinstance(counts, dict) and len(counts) <= MAX_CANVASES
    if not sound or any(type(n) is not int or not 0 <= n <= MAX_COUNT for n in counts.values()):
        return {}
    return {str(slug): int(people) for slug, people in counts.items()}
