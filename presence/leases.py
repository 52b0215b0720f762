"""What each pod says of its people, kept where every pod can read it until it runs out."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import orjson

from presence.roster import Lease
from runtime.redis import RedisConnection

TTL = 60  # seconds
PATTERN = "pod:*:users"
SCAN_COUNT = 500  # keys that Redis looks at in one step of a search

# A pod that was restarted under the same name must not lose its lease to the one it replaced.
RELEASE = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0
"""


class Unreachable(Exception):
    """The leases cannot be read or written now."""


class Leases(Protocol):
    """A lease of TTL seconds a pod. Nobody has to say goodbye: what is not renewed ends.

    Every method raises Unreachable when the store does not answer.
    """

    async def write(self, pod_id: str, lease: Lease) -> None: ...

    async def read(self, pod_ids: Iterable[str]) -> dict[str, Lease]:
        """The leases that are still running."""

    async def pods(self) -> set[str]:
        """All pods that hold a lease now."""

    async def release(self, pod_id: str) -> None: ...


class MemoryLeases:
    """For a pod that is alone: its lease lives as long as the process does."""

    def __init__(self) -> None:
        self._leases: dict[str, Lease] = {}

    async def write(self, pod_id: str, lease: Lease) -> None:
        self._leases[pod_id] = lease

    async def read(self, pod_ids: Iterable[str]) -> dict[str, Lease]:
        return {pod_id: self._leases[pod_id] for pod_id in pod_ids if pod_id in self._leases}

    async def pods(self) -> set[str]:
        return set(self._leases)

    async def release(self, pod_id: str) -> None:
        self._leases.pop(pod_id, None)


class RedisLeases:
    """Keys `pod:{podId}:users` with a time to live. Whatever else lies there counts as nobody."""

    def __init__(self, redis: RedisConnection) -> None:
        self._redis = redis
        self._written: dict[str, bytes] = {}

    async def write(self, pod_id: str, lease: Lease) -> None:
        value = encode(lease)
        with _reaching():
            async with self._redis.turn() as redis:
                await redis.setex(key_of(pod_id), TTL, value)
        self._written[pod_id] = value

    async def read(self, pod_ids: Iterable[str]) -> dict[str, Lease]:
        asked = list(pod_ids)
        with _reaching():
            async with self._redis.turn() as redis:
                values: Sequence[bytes | None] = await redis.mget(map(key_of, asked))
        leases = ((pod_id, decode(value)) for pod_id, value in zip(asked, values, strict=True))
        return {pod_id: lease for pod_id, lease in leases if lease is not None}

    async def pods(self) -> set[str]:
        with _reaching():
            async with self._redis.turn() as redis:
                keys = [key async for key in redis.scan_iter(match=PATTERN, count=SCAN_COUNT)]
        return {pod_of(key.decode(errors="replace")) for key in keys}

    async def release(self, pod_id: str) -> None:
        value = self._written.pop(pod_id, None)
        if value is None:
            return
        with _reaching():
            async with self._redis.turn() as redis:
                await redis.eval(RELEASE, 1, key_of(pod_id), value)


def key_of(pod_id: str) -> str:
    return f"pod:{pod_id}:users"


def pod_of(key: str) -> str:
    return key.removeprefix("pod:").removesuffix(":users")


def encode(lease: Lease) -> bytes:
    timestamp = int(time.time() * 1000)
    return orjson.dumps(
        {"count": lease.count, "usernames": lease.usernames, "timestamp": timestamp}
    )


def decode(value: bytes | None) -> Lease | None:
    """None where there is no lease, or something that no pod of ours would write."""
    if value is None:
        return None
    try:
        said = orjson.loads(value)
        count, names = said["count"], said["usernames"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    if type(count) is not int or count < 0 or not isinstance(names, list):
        return None
    return Lease(count, tuple(name for name in names if isinstance(name, str)))


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unreachable(str(error)) from error
