"""Leases: the people of each pod, stored where every pod can read them until they run out."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from presence.lease_format import (
    MAX_BYTES,
    MAX_POD_ID,
    OtherSite,
    Signer,
    decode,
    encode,
    key_of,
    pod_of,
)
from presence.roster import Lease
from runtime.redis import RedisConnection

TTL = 60  # seconds
PATTERN = "pod:*:users"
SEARCH_STEP = 1_000  # keys that Redis looks at in one step of a search

# Deletes the lease only if this pod wrote it: a pod that was restarted under the same name must
# not lose its lease to the process that it replaced.
RELEASE_SCRIPT = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0
"""

# One step of a search, without keys longer than ARGV[4]: they may have megabytes.
SEARCH_SCRIPT = """
local step, keys = redis.call('scan', ARGV[1], 'match', ARGV[2], 'count', ARGV[3]), {}
for _, key in ipairs(step[2]) do
    if #key <= tonumber(ARGV[4]) then keys[#keys + 1] = key end
end
return {step[1], keys}
"""


class Unreachable(Exception):
    """Raised when the store of the leases does not answer."""


class Leases(Protocol):
    """A store of one lease for each pod, which runs out TTL seconds after its last write.

    So a crashed pod needs no clean-up. Every method raises Unreachable when the store does not
    answer.
    """

    async def write(self, pod_id: str, lease: Lease) -> None: ...

    async def read(self, pod_ids: Iterable[str]) -> dict[str, Lease]:
        """Return the running leases of these pods, by the pod's id."""

    async def search(self, cursor: int) -> tuple[set[str], int]:
        """Take one step of a search for the pods that hold a lease, beginning with cursor 0.

        Return the ids that it found, and the cursor of the next step: 0 after the last one.
        """

    async def release(self, pod_id: str) -> None: ...


class MemoryLeases:
    """Leases for a pod that is alone: they live as long as the process does."""

    def __init__(self) -> None:
        self._leases: dict[str, Lease] = {}

    async def write(self, pod_id: str, lease: Lease) -> None:
        self._leases[pod_id] = lease

    async def read(self, pod_ids: Iterable[str]) -> dict[str, Lease]:
        return {pod_id: self._leases[pod_id] for pod_id in pod_ids if pod_id in self._leases}

    async def search(self, cursor: int) -> tuple[set[str], int]:
        return set(self._leases), 0

    async def release(self, pod_id: str) -> None:
        self._leases.pop(pod_id, None)


class RedisLeases:
    """Leases in the keys `pod:{podId}:users`, with a time to live.

    A value of another form counts as no lease, and so does one of another site, for each of which
    `on_other_site` is called, and where there is an `on_unsigned`, one without a signature.
    """

    def __init__(
        self,
        redis: RedisConnection,
        signer: Signer,
        on_other_site: Callable[[], object],
        on_unsigned: Callable[[], object] | None = None,
    ) -> None:
        self._redis = redis
        self._signer = signer
        self._on_other_site = on_other_site
        self._on_unsigned = on_unsigned
        self._written: dict[str, bytes] = {}

    async def write(self, pod_id: str, lease: Lease) -> None:
        value = encode(lease, pod_id, self._signer)
        with _unreachable():
            async with self._redis.turn() as redis:
                await redis.setex(key_of(pod_id), TTL, value)
        self._written[pod_id] = value

    async def read(self, pod_ids: Iterable[str]) -> dict[str, Lease]:
        ids = list(pod_ids)
        with _unreachable():
            values = self._redis.values([key_of(pod_id) for pod_id in ids], MAX_BYTES)
            waiting, found = iter(ids), dict[str, Lease]()
            async for value in values:
                pod_id = next(waiting)
                if (lease := self._decode(value, pod_id)) is not None:
                    found[pod_id] = lease
                await asyncio.sleep(0)  # others have their turn
        return found

    def _decode(self, value: bytes | None, pod_id: str) -> Lease | None:
        try:
            lease = decode(value, pod_id, self._signer)
        except OtherSite:
            self._on_other_site()
            return None
        if lease is not None and not lease.is_signed and self._on_unsigned is not None:
            self._on_unsigned()
            return None
        return lease

    async def search(self, cursor: int) -> tuple[set[str], int]:
        with _unreachable():
            async with self._redis.turn() as redis:
                step = cursor, PATTERN, SEARCH_STEP, len(key_of("")) + MAX_POD_ID
                after, keys = await redis.eval(SEARCH_SCRIPT, 0, *step)
        return {pod_of(key.decode(errors="replace")) for key in keys}, int(after)

    async def release(self, pod_id: str) -> None:
        value = self._written.pop(pod_id, None)
        if value is None:
            return
        with _unreachable():
            async with self._redis.turn() as redis:
                await redis.eval(RELEASE_SCRIPT, 1, key_of(pod_id), value)


@contextmanager
def _unreachable() -> Iterator[None]:
    """Raise Unreachable in place of OSError."""
    try:
        yield
    except OSError as error:
        raise Unreachable(str(error)) from error
