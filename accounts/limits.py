"""Who did something too often: over all pods, or in this one while Redis cannot tell."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from asgiref.sync import async_to_sync

from accounts.counters import Counters, Limit, MemoryCounters
from runtime.circuit_breaker import CircuitBreaker
from runtime.process_var import ProcessVar

MINUTE, HOUR = 60_000, 3_600_000  # ms
VIEW_TIMEOUT = 5.0  # seconds that a page waits for the pod


class Limiter:
    """Counts in this process all the time, so that its own count is right when it is needed."""

    def __init__(self, shared: Counters | None = None) -> None:
        self._own = MemoryCounters()
        self._shared = shared
        self._breaker = CircuitBreaker()

    async def admit(self, asks: Sequence[Sequence[Limit]]) -> list[int]:
        """Each asks for one event under all of its limits; the ms that it has to wait, 0 for none.

        What has to wait counts too: to go on asking does not help.
        """
        events = Counter(limit for ask in asks for limit in ask)
        if not events:
            return [0] * len(asks)
        tallies = await self._own.add(events)
        if self._shared is not None and not self._breaker.is_open:
            tallies = await self._breaker.call(self._shared.add(events)) or tallies
        used = {limit: tallies[limit].events - amount for limit, amount in events.items()}
        waits = []
        for ask in asks:
            wait = 0
            for limit in ask:
                used[limit] += 1
                if used[limit] > limit.most:
                    wait = max(wait, tallies[limit].left_ms, 1)
            waits.append(wait)
        return waits


class PodLimiter(NamedTuple):
    """The limiter of the pod in this process, and the event loop that it lives on."""

    limiter: Limiter
    loop: asyncio.AbstractEventLoop


_alone = Limiter()
pod_limiter: ProcessVar[PodLimiter | None] = ProcessVar(None)  # None where no pod runs


def wait_for(limit: Limit) -> int:
    """Count one event from a view's thread; return the ms until it may happen, 0 for now."""
    pod = pod_limiter.get()
    if pod is None:
        return async_to_sync(_alone.admit)([[limit]])[0]
    asking = asyncio.run_coroutine_threadsafe(pod.limiter.admit([[limit]]), pod.loop)
    return asking.result(VIEW_TIMEOUT)[0]
