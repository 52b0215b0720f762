"""Counts of the sockets of each network: of this pod, and of all pods."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol

from runtime.circuit_breaker import CircuitBreaker
from runtime.redis import RedisConnection
from runtime.waiting import Wakeup

TTL = 60  # seconds that a pod's counts are valid without a new report: it may have crashed
HEARTBEAT_INTERVAL = 20.0  # seconds until the counts are reported again
DEBOUNCE = 0.5  # seconds in which sockets that close are reported together

# A hash for each network: a pod's id, and `{count}:{end of validity, s since the epoch}`.
# The result is the total of the valid counts.
EXCHANGE_SCRIPT = """
local now, totals = tonumber(redis.call('time')[1]), {}
for i, key in ipairs(KEYS) do
    if ARGV[2 + i] == '0' then
        redis.call('hdel', key, ARGV[1])
    else
        redis.call('hset', key, ARGV[1], ARGV[2 + i] .. ':' .. (now + ARGV[2]))
        redis.call('expire', key, ARGV[2])
    end
    totals[i] = 0
    local entries = redis.call('hgetall', key)
    for n = 1, #entries, 2 do
        local count, expiry = string.match(entries[n + 1], '^(%d+):(%d+)$')
        if count and tonumber(expiry) > now then totals[i] = totals[i] + count
        else redis.call('hdel', key, entries[n]) end
    end
end
return totals
"""


class SharedCounts(Protocol):
    """Storage of the counts of all pods."""

    async def exchange(self, counts: Mapping[str, int]) -> list[int]:
        """Store this pod's count of each network; return the totals of all pods in that order.

        Raise OSError when the storage does not answer.
        """


class RedisSharedCounts:
    """Counts in the keys `limit:sockets:{network}`."""

    def __init__(self, redis: RedisConnection, pod_id: str) -> None:
        self._redis = redis
        self._pod_id = pod_id

    async def exchange(self, counts: Mapping[str, int]) -> list[int]:
        keys = [f"limit:sockets:{network}" for network in counts]
        async with self._redis.turn() as redis:
            totals: list[int] = await redis.eval(
                EXCHANGE_SCRIPT, len(keys), *keys, self._pod_id, TTL, *counts.values()
            )
        return totals


class SocketCounts:
    """The sockets of each network.

    This pod's own count is exact. It is the result where there are no shared counts, and while
    those do not answer.
    """

    def __init__(self, shared: SharedCounts | None = None) -> None:
        self._shared = shared
        self._breaker = CircuitBreaker()
        self._own: Counter[str] = Counter()
        self._left: set[str] = set()
        self._wakeup = Wakeup(DEBOUNCE, HEARTBEAT_INTERVAL)

    async def enter(self, network: str) -> int:
        """Count one more socket of this network; return how many it has now, over all pods."""
        self._own[network] += 1
        return await self._total(network)

    def leave(self, network: str) -> None:
        self._own[network] -= 1
        if not self._own[network]:
            del self._own[network]
        self._left.add(network)
        self._wakeup.wake()

    async def run(self) -> None:
        """Report networks with closed sockets, and all of them at each heartbeat, for ever."""
        while self._shared is not None:
            some_left = await self._wakeup.wait()
            networks = self._left if some_left else set(self._own)
            self._left = set()
            if networks:
                with suppress(OSError):
                    counts = {network: self._own[network] for network in networks}
                    await self._shared.exchange(counts)
        await asyncio.Event().wait()

    async def _total(self, network: str) -> int:
        own = self._own[network]
        if self._shared is None or self._breaker.is_open:
            return own
        totals = await self._breaker.call(self._shared.exchange({network: own}))
        return max(own, totals[0]) if totals else own
