"""How often something happened within a period: in this process, or over all pods."""

import time
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from runtime.redis import RedisConnection

MAX_KEYS = 50_000  # of one process; whoever comes from that many networks is stopped elsewhere

# A period begins with its first event and ends by itself.
ADD = """
local answers = {}
for i, key in ipairs(KEYS) do
    local count = redis.call('incrby', key, ARGV[2 * i - 1])
    if count == tonumber(ARGV[2 * i - 1]) then redis.call('pexpire', key, ARGV[2 * i]) end
    answers[2 * i - 1] = count
    answers[2 * i] = redis.call('pttl', key)
end
return answers
"""


class Limit(NamedTuple):
    """At most so many events under a key in so many ms."""

    key: str
    most: int
    period_ms: int


class Tally(NamedTuple):
    """The events of the running period, and the ms until it ends."""

    events: int
    left_ms: int


class Counters(Protocol):
    """Adds events to each limit's key, and tells what is there with them.

    Raises OSError when it cannot be reached.
    """

    async def add(self, events: Mapping[Limit, int]) -> dict[Limit, Tally]: ...


class MemoryCounters:
    """For one process."""

    def __init__(self) -> None:
        self._periods: dict[str, tuple[int, float]] = {}  # the count, and when the period ends

    async def add(self, events: Mapping[Limit, int]) -> dict[Limit, Tally]:
        now = time.monotonic()
        return {limit: self._add(limit, amount, now) for limit, amount in events.items()}

    def _add(self, limit: Limit, amount: int, now: float) -> Tally:
        count, ends = self._periods.pop(limit.key, (0, 0.0))
        if ends <= now:
            count, ends = 0, now + limit.period_ms / 1000
        self._periods[limit.key] = (count + amount, ends)
        if len(self._periods) > MAX_KEYS:
            del self._periods[next(iter(self._periods))]  # the one that was quiet for longest
        return Tally(count + amount, int((ends - now) * 1000) + 1)


class RedisCounters:
    """Keys `limit:…` that expire, all of one question in one round trip."""

    def __init__(self, redis: RedisConnection) -> None:
        self._redis = redis

    async def add(self, events: Mapping[Limit, int]) -> dict[Limit, Tally]:
        keys = [f"limit:{limit.key}" for limit in events]
        arguments = [each for limit, n in events.items() for each in (n, limit.period_ms)]
        async with self._redis.turn() as redis:
            flat: list[int] = await redis.eval(ADD, len(keys), *keys, *arguments)
        return dict(zip(events, map(Tally, flat[::2], flat[1::2]), strict=True))
