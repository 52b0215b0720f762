"""How many sockets each network holds: on this pod, and over all of them."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol

from runtime.circuit_breaker import CircuitBreaker
from runtime.redis import RedisConnection
from runtime.waiting import Wakeup

TTL = 60  # seconds that the other pods count what a pod said: it may have crashed since
HEARTBEAT = 20.0  # seconds until it is said again
GATHER = 0.5  # seconds in which those who leave are told of together

# A hash a network: what each pod holds, and until when that counts. The count is everyone's.
SAY = """
local now, totals = tonumber(redis.call('time')[1]), {}
for i, key in ipairs(KEYS) do
    if ARGV[2 + i] == '0' then
        redis.call('hdel', key, ARGV[1])
    else
        redis.call('hset', key, ARGV[1], ARGV[2 + i] .. ':' .. (now + ARGV[2]))
        redis.call('expire', key, ARGV[2])
    end
    totals[i] = 0
    local said = redis.call('hgetall', key)
    for n = 1, #said, 2 do
        local count, untill = string.match(said[n + 1], '^(%d+):(%d+)$')
        if count and tonumber(untill) > now then totals[i] = totals[i] + count
        else redis.call('hdel', key, said[n]) end
    end
end
return totals
"""


class SharedCounts(Protocol):
    """Where pods tell each other; raises OSError when it cannot be reached."""

    async def say(self, counts: Mapping[str, int]) -> list[int]:
        """What this pod holds of each network; returns what all pods do."""


class RedisSharedCounts:
    """Keys `limit:sockets:{network}`."""

    def __init__(self, redis: RedisConnection, pod_id: str) -> None:
        self._redis = redis
        self._pod_id = pod_id

    async def say(self, counts: Mapping[str, int]) -> list[int]:
        keys = [f"limit:sockets:{network}" for network in counts]
        async with self._redis.turn() as redis:
            totals: list[int] = await redis.eval(
                SAY, len(keys), *keys, self._pod_id, TTL, *counts.values()
            )
        return totals


class SocketCounts:
    """This pod's own count is exact; without a shared, or without an answer, it is all there is."""

    def __init__(self, shared: SharedCounts | None = None) -> None:
        self._shared = shared
        self._breaker = CircuitBreaker()
        self._own: Counter[str] = Counter()
        self._left: set[str] = set()
        self._wakeup = Wakeup(GATHER, HEARTBEAT)

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
        """Say who left, and now and then everything, for as long as the pod lives."""
        while self._shared is not None:
            some_left = await self._wakeup.wait()
            said = self._left if some_left else set(self._own)
            self._left = set()
            if said:
                with suppress(OSError):
                    await self._shared.say({network: self._own[network] for network in said})
        await asyncio.Event().wait()

    async def _total(self, network: str) -> int:
        own = self._own[network]
        if self._shared is None or self._breaker.is_open:
            return own
        totals = await self._breaker.call(self._shared.say({network: own}))
        return max(own, totals[0]) if totals else own
