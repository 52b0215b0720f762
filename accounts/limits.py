"""Rate limits: over all pods, or by this pod's own count while Redis does not answer."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from asgiref.sync import async_to_sync

from accounts.counters import Counters, Limit, MemoryCounters
from runtime.circuit_breaker import CircuitBreaker
from runtime.process_var import ProcessVar

MINUTE, HOUR = 60_000, 3_600_000  # ms
VIEW_TIMEOUT = 5.0  # seconds that a view waits for the pod's event loop


class Limiter:
    """A rate limiter by the shared counts, and by its own while those do not answer.

    It keeps its own counts all the time, so that they are right when they are needed.
    """

    def __init__(self, shared: Counters | None = None) -> None:
        self._own = MemoryCounters()
        self._shared = shared
        self._breaker = CircuitBreaker()

    async def admit(self, requests: Sequence[Sequence[Limit]]) -> list[int]:
        """Count one event for each request under all of its limits.

        Return the ms that each request has to wait, 0 for none. A refused request counts as
        well, so repeating it does not help.
        """
        events = Counter(limit for request in requests for limit in request)
        if not events:
            return [0] * len(requests)
        tallies = await self._own.add(events)
        if self._shared is not None and not self._breaker.is_open:
            tallies = await self._breaker.call(self._shared.add(events)) or tallies
        used = {limit: tallies[limit].events - amount for limit, amount in events.items()}
        waits = []
        for request in requests:
            wait = 0
            for limit in request:
                used[limit] += 1
                if used[limit] > limit.max_events:
                    wait = max(wait, tallies[limit].left_ms, 1)
            waits.append(wait)
        return waits


class PodLimiter(NamedTuple):
    """The limiter of the pod in this process, and the event loop that it runs on."""

    limiter: Limiter
    loop: asyncio.AbstractEventLoop


_without_pod = Limiter()
pod_limiter: ProcessVar[PodLimiter | None] = ProcessVar(None)  # None where no pod runs


def wait_for(limit: Limit) -> int:
    """Count one event from a view's thread; return the ms that it has to wait, 0 for none."""
    pod = pod_limiter.get()
    if pod is None:
        return async_to_sync(_without_pod.admit)([[limit]])[0]
    waits = asyncio.run_coroutine_threadsafe(pod.limiter.admit([[limit]]), pod.loop)
    return waits.result(VIEW_TIMEOUT)[0]
