"""Who did something too often: over all pods, or in this one while Redis cannot tell."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from asgiref.sync import async_to_sync

from accounts.counters import Counters, Limit, MemoryCounters
from accounts.patience import Patience

MINUTE, HOUR = 60_000, 3_600_000  # ms
VIEW_TIMEOUT = 5.0  # seconds that a page waits for the pod


class Limiter:
    """Counts in this process all the time, so that its own count is right when it is needed."""

    def __init__(self, shared: Counters | None = None) -> None:
        self._own = MemoryCounters()
        self._shared = shared
        self._patience = Patience()

    async def admit(self, asks: Sequence[Sequence[Limit]]) -> list[int]:
        """Each asks for one event under all of its limits; the ms that it has to wait, 0 for none.

        What has to wait counts too: to go on asking does not help.
        """
        events = Counter(limit for ask in asks for limit in ask)
        if not events:
            return [0] * len(asks)
        tallies = await self._own.add(events)
        if self._shared is not None and not self._patience.rests:
            tallies = await self._patience.ask(self._shared.add(events)) or tallies
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


_alone = Limiter()
_installed: tuple[Limiter, asyncio.AbstractEventLoop] | None = None


def install(limiter: Limiter | None) -> None:
    """Make this the limiter of the process; it lives on the running event loop."""
    global _installed
    _installed = (limiter, asyncio.get_running_loop()) if limiter else None


def wait_for(limit: Limit) -> int:
    """The ms until somebody may do this once more, asked from a view's thread; 0 for now."""
    if _installed is None:
        return async_to_sync(_alone.admit)([[limit]])[0]
    limiter, loop = _installed
    asking = asyncio.run_coroutine_threadsafe(limiter.admit([[limit]]), loop)
    return asking.result(VIEW_TIMEOUT)[0]
