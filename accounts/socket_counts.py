"""Counts of the sockets of each network: of this pod, and of all pods."""

import asyncio
import secrets
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Protocol

from runtime.circuit_breaker import CircuitBreaker
from runtime.hold_count import HoldCount
from runtime.redis import RedisConnection
from runtime.waiting import Wakeup

TTL = 60  # seconds that a pod's counts are kept without a new report
HEARTBEAT_INTERVAL = 20.0  # seconds until the counts are reported again
ALIVE_TTL = 5_000  # ms without a sign of life until a pod's counts are void: it has crashed
ALIVE_INTERVAL = 1.5  # seconds between two signs of life
ALIVE_PREFIX = "limit:pod:"
DEBOUNCE = 0.5  # seconds in which sockets that close are reported together

# A hash for each network: the run of a pod, and `{count}:{end of validity, s since the epoch}`.
# The result is the total of the counts of pods that are alive. A foreign value of another type is
# removed.
EXCHANGE_SCRIPT = """
local now, totals, alive = tonumber(redis.call('time')[1]), {}, {[ARGV[1]] = true}
local function lives(run)
    if alive[run] == nil then
        alive[run] = type(redis.pcall('get', ARGV[3] .. run)) == 'string'
    end
    return alive[run]
end
if type(redis.pcall('incrby', ARGV[3] .. ARGV[1], 1)) == 'table' then
    redis.call('del', ARGV[3] .. ARGV[1])
    redis.call('incrby', ARGV[3] .. ARGV[1], 1)
end
redis.call('pexpire', ARGV[3] .. ARGV[1], ARGV[4])
for i, key in ipairs(KEYS) do
    if type(redis.pcall('hdel', key, '')) == 'table' then redis.call('del', key) end
    if ARGV[4 + i] == '0' then
        redis.call('hdel', key, ARGV[1])
    else
        redis.call('hset', key, ARGV[1], ARGV[4 + i] .. ':' .. (now + ARGV[2]))
        redis.call('expire', key, ARGV[2])
    end
    totals[i] = 0
    local entries = redis.call('hgetall', key)
    for n = 1, #entries, 2 do
        local count, expiry = string.match(entries[n + 1], '^(%d+):(%d+)$')
        if not count or tonumber(expiry) <= now then redis.call('hdel', key, entries[n])
        elseif lives(entries[n]) then totals[i] = totals[i] + count end
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
    """Counts in the keys `limit:sockets:{network}`, and signs of life in `limit:pod:{run}`.

    A pod that crashed and comes back under the same id is another run.
    """

    def __init__(self, redis: RedisConnection, pod_id: str) -> None:
        self._redis = redis
        self._run = f"{pod_id}:{secrets.token_hex(4)}"

    async def exchange(self, counts: Mapping[str, int]) -> list[int]:
        keys = [f"limit:sockets:{network}" for network in counts]
        async with self._redis.turn() as redis:
            totals: list[int] = await redis.eval(
                EXCHANGE_SCRIPT,
                len(keys),
                *keys,
                self._run,
                TTL,
                ALIVE_PREFIX,
                ALIVE_TTL,
                *counts.values(),
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
        self._own = HoldCount()
        self._left: set[str] = set()
        self._wakeup = Wakeup(DEBOUNCE, ALIVE_INTERVAL)

    async def enter(self, networks: Sequence[str]) -> list[int]:
        """Count one more socket of these networks; return how many each has now, over all pods."""
        self._own.hold(*networks)
        return await self._totals(networks)

    def leave(self, networks: Sequence[str]) -> None:
        self._own.let_go(*networks)
        self._left.update(networks)
        self._wakeup.wake()

    async def run(self) -> None:
        """Give signs of life, report networks with closed sockets, and all at each heartbeat."""
        reported_at = time.monotonic()
        while self._shared is not None:
            await self._wakeup.wait()
            networks, self._left = self._left, set()
            if time.monotonic() - reported_at >= HEARTBEAT_INTERVAL:
                networks |= set(self._own)
                reported_at = time.monotonic()
            if networks or self._own:
                with suppress(OSError):
                    await self._shared.exchange({each: self._own[each] for each in networks})
        await asyncio.Event().wait()

    async def _totals(self, networks: Sequence[str]) -> list[int]:
        own = {network: self._own[network] for network in networks}
        if self._shared is None or self._breaker.is_open:
            return list(own.values())
        totals = await self._breaker.call(self._shared.exchange(own))
        return list(map(max, own.values(), totals)) if totals else list(own.values())
