"""Leases: the people of each pod, stored where every pod can read them until they run out."""

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypedDict

import orjson

from presence.lease_names import shown
from presence.roster import MAX_LISTED, Lease
from runtime.redis import RedisConnection

TTL = 60  # seconds
PATTERN = "pod:*:users"
SEARCH_STEP = 1_000  # keys that Redis looks at in one step of a search

# Bounds of what is believed of a lease: anybody who reaches Redis can write one.
MAX_BYTES = 2**20
MAX_COUNT = 1_000_000  # connections of one pod
MAX_NAMES = 10_000  # in a lease without ids, which another make of pod may not bound
MAX_ID = 32  # characters
# What takes long to read is looked for before it is: lists in lists take 0.4 s for MAX_BYTES.
MAX_BRACKETS = MAX_NAMES
MAX_COMMAS = 8 * MAX_NAMES
MAX_POD_ID = 256  # bytes

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


class LeaseBody(TypedDict):
    """A lease as JSON in Redis, which pods of another make read and write too.

    Those know the first three fields only.
    """

    count: int
    usernames: Sequence[str]
    timestamp: int  # ms since the epoch
    ids: Sequence[str]  # of the same length as `usernames`
    site: str


class OtherSite(ValueError):
    """Raised for a lease of another site on the same Redis."""


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
    `on_other_site` is called.
    """

    def __init__(
        self, redis: RedisConnection, site: str, on_other_site: Callable[[], object]
    ) -> None:
        self._redis = redis
        self._site = site
        self._on_other_site = on_other_site
        self._written: dict[str, bytes] = {}

    async def write(self, pod_id: str, lease: Lease) -> None:
        value = encode(lease, self._site)
        with _unreachable():
            async with self._redis.turn() as redis:
                await redis.setex(key_of(pod_id), TTL, value)
        self._written[pod_id] = value

    async def read(self, pod_ids: Iterable[str]) -> dict[str, Lease]:
        ids = list(pod_ids)
        with _unreachable():
            values = self._redis.values([key_of(pod_id) for pod_id in ids], MAX_BYTES)
            leases: list[Lease | None] = []
            async for value in values:
                leases.append(self._decode(value))
                await asyncio.sleep(0)  # others have their turn
        found = zip(ids, leases, strict=True)
        return {pod_id: lease for pod_id, lease in found if lease is not None}

    def _decode(self, value: bytes | None) -> Lease | None:
        try:
            return decode(value, self._site)
        except OtherSite:
            self._on_other_site()
            return None

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


def key_of(pod_id: str) -> str:
    return f"pod:{pod_id}:users"


def pod_of(key: str) -> str:
    return key.removeprefix("pod:").removesuffix(":users")


def encode(lease: Lease, site: str) -> bytes:
    body: LeaseBody = {
        "count": lease.count,
        "usernames": lease.usernames,
        "timestamp": int(time.time() * 1000),
        "ids": lease.ids,
        "site": site,
    }
    return orjson.dumps(body)


def decode(value: bytes | None, site: str) -> Lease | None:
    """Parse a LeaseBody; return None for no value, and for one of another form.

    Raise OtherSite for a lease that says so. One without a site is that of another make of pod,
    and counts. Ids that are not of the right form and number are passed over: the lease counts
    by its names. A name that is no text, too long, or hides something is a connection without one.
    """
    if value is None or not _is_quick_to_read(value):
        return None
    try:
        fields = orjson.loads(value)
        count, names = fields["count"], fields["usernames"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    if fields.get("site", site) != site:
        raise OtherSite
    if type(count) is not int or not 0 <= count <= MAX_COUNT or not isinstance(names, list):
        return None
    ids, named = fields.get("ids"), tuple(shown(names[:MAX_NAMES]))
    is_parallel = isinstance(ids, list) and len(ids) == len(names) == len(named) <= MAX_LISTED
    if is_parallel and all(ids) and _are_texts(ids, MAX_ID):
        return Lease(count, named, tuple(ids))
    return Lease(count, named)


@contextmanager
def _unreachable() -> Iterator[None]:
    """Raise Unreachable in place of OSError."""
    try:
        yield
    except OSError as error:
        raise Unreachable(str(error)) from error


def _are_texts(values: Sequence[object], length: int) -> bool:
    return all(_is_text(value, length) for value in values)


def _is_quick_to_read(value: bytes) -> bool:
    return (
        len(value) <= MAX_BYTES
        and value.count(b"[") + value.count(b"{") <= MAX_BRACKETS
        and value.count(b",") <= MAX_COMMAS
    )


def _is_text(value: object, length: int) -> bool:
    return isinstance(value, str) and len(value) <= length
