"""Counters of events within a period: of this process, or of all pods."""

import time
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from runtime.redis import RedisConnection

MAX_KEYS = 50_000  # of one process: it bounds the memory that a flood from many networks takes

# A period begins with its first event, and its key expires at its end. A value that is no count of
# ours begins a period, and an end that is none, or later than a period lasts, is set anew.
ADD_SCRIPT = """
local function is_foreign(fault)
    return string.find(fault, 'WRONGTYPE') or string.find(fault, 'not an integer')
        or string.find(fault, 'overflow')
end
local function add(key, amount)
    local count = redis.pcall('incrby', key, amount)
    if type(count) == 'table' and not is_foreign(count.err) then return count end
    if type(count) == 'number' and count >= tonumber(amount) then return count end
    redis.call('del', key)
    return redis.call('incrby', key, amount)
end
local answers = {}
for i, key in ipairs(KEYS) do
    local count, period = add(key, ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
    if type(count) == 'table' then return count end
    local left = redis.call('pttl', key)
    if left < 0 or left > period then
        redis.call('pexpire', key, period)
        left = period
    end
    answers[2 * i - 1] = count
    answers[2 * i] = left
end
return answers
"""


class Limit(NamedTuple):
    """A limit of `max_events` under one key within `period_ms`.

    What one of a lower rank refuses does not count for it.
    """

    key: str
    max_events: int
    period_ms: int
    rank: int = 0


class Tally(NamedTuple):
    """The number of events in the running period, and the ms until it ends."""

    events: int
    left_ms: int


class Counters(Protocol):
    """Storage of the counts."""

    async def add(self, events: Mapping[Limit, int]) -> dict[Limit, Tally]:
        """Add so many events to each limit's key; return the counts with them.

        Raise OSError when the storage does not answer.
        """


class MemoryCounters:
    """Counts of one process."""

    def __init__(self) -> None:
        self._periods: dict[str, tuple[int, float]] = {}  # the count, and when the period ends

    async def add(self, events: Mapping[Limit, int]) -> dict[Limit, Tally]:
        now = time.monotonic()
        return {limit: self._add(limit, amount, now) for limit, amount in events.items()}

    def _add(self, limit: Limit, amount: int, now: float) -> Tally:
        count, ends_at = self._periods.pop(limit.key, (0, 0.0))
        if ends_at <= now:
            count, ends_at = 0, now + limit.period_ms / 1000
        self._periods[limit.key] = (count + amount, ends_at)
        if len(self._periods) > MAX_KEYS:
            del self._periods[next(iter(self._periods))]  # the least recently used key
        return Tally(count + amount, int((ends_at - now) * 1000) + 1)


class RedisCounters:
    """Counts of all pods: keys `limit:…` that expire. Each `add` is one round trip."""

    def __init__(self, redis: RedisConnection) -> None:
        self._redis = redis

    async def add(self, events: Mapping[Limit, int]) -> dict[Limit, Tally]:
        keys = [f"limit:{limit.key}" for limit in events]
        arguments = [each for limit, n in events.items() for each in (n, limit.period_ms)]
        async with self._redis.turn() as redis:
            flat: list[int] = await redis.eval(ADD_SCRIPT, len(keys), *keys, *arguments)
        return dict(zip(events, map(Tally, flat[::2], flat[1::2]), strict=True))
