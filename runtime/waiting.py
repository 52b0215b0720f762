"""Waiting for an event or a time, whichever comes first."""

import asyncio
from contextlib import suppress


async def wait_for_event(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event, at most so many seconds; return whether it is set."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()


class Wakeup:
    """The pause between two rounds of a loop: as long as `longest`, or until `wake` is called.

    A round never follows the one before by less than `shortest` seconds, so that a storm of
    calls costs one round.
    """

    def __init__(self, shortest: float, longest: float) -> None:
        self._shortest = shortest
        self._longest = longest
        self._event = asyncio.Event()

    def wake(self) -> None:
        """Begin the next round now rather than later."""
        self._event.set()

    async def wait(self) -> bool:
        """Wait until the next round is due; return whether `wake` was called for it."""
        await asyncio.sleep(self._shortest)
        woken = await wait_for_event(self._event, self._longest - self._shortest)
        self._event.clear()
        return woken
