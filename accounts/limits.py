"""Rate limits: over all pods, or by this pod's own count while Redis does not answer."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from asgiref.sync import async_to_sync

from accounts.addresses import networks_of
from accounts.counters import Counters, Limit, MemoryCounters
from accounts.errors import LimitReached
from runtime.circuit_breaker import CircuitBreaker
from runtime.process_var import ProcessVar
from runtime.threads import give_back_connection

MINUTE, HOUR = 60_000, 3_600_000  # ms
VIEW_TIMEOUT = 5.0  # seconds that a view waits for the pod's event loop


def by_network(limit: Limit, address: str) -> list[Limit]:
    """Return the limit for each network that an address counts for; wider ones get more."""
    return [
        limit._replace(
            key=f"{limit.key}:{network}", max_events=limit.max_events * factor, rank=rank
        )
        for rank, (network, factor) in enumerate(networks_of(address))
    ]


class Limiter:
    """A rate limiter by the shared counts, and by its own while those do not answer.

    It keeps its own counts all the time, so that they are right when they are needed.
    """

    def __init__(self, shared: Counters | None = None) -> None:
        self._own = MemoryCounters()
        self._shared = shared
        self._breaker = CircuitBreaker()

    async def admit(self, requests: Sequence[Sequence[Limit]]) -> list[int]:
        """Count one event for each request under its limits, those of the lowest rank first.

        Return the ms that each request has to wait, 0 for none. A refused request counts as
        well, so repeating it does not help; but not for limits of a higher rank, or one
        customer could use up what all of a provider have.
        """
        waits = [0] * len(requests)
        for rank in sorted({limit.rank for request in requests for limit in request}):
            of_rank = [
                [limit for limit in request if limit.rank == rank and not wait]
                for request, wait in zip(requests, waits, strict=True)
            ]
            waits = list(map(max, waits, await self._admit(of_rank)))
        return waits

    async def _admit(self, requests: Sequence[Sequence[Limit]]) -> list[int]:
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


def here() -> Limiter:
    """Return the limiter of the pod that runs on this event loop, or this process's own."""
    pod = pod_limiter.get()
    return _without_pod if pod is None else pod.limiter


def count(*limits: Limit, events: int = 1) -> None:
    """Count events from a view's thread; raise LimitReached. A limit of 0 is none."""
    in_force = [limit for limit in limits if limit.max_events]
    if in_force and (wait := wait_for(*in_force, events=events)):
        raise LimitReached(wait)


def wait_for(*limits: Limit, events: int = 1) -> int:
    """Count events from a view's thread; return the ms that the last has to wait, 0 for none."""
    requests = [limits] * events
    pod = pod_limiter.get()
    if pod is None:
        return async_to_sync(_without_pod.admit)(requests)[-1]
    give_back_connection()
    waits = asyncio.run_coroutine_threadsafe(pod.limiter.admit(requests), pod.loop)
    return waits.result(VIEW_TIMEOUT)[-1]
