"""Waiting for an event or a time-out, whichever comes first."""

import asyncio
import random
from contextlib import suppress


async def wait_for_event(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event, at most so many seconds; return whether it is set."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()


def about(seconds: float, spread: float = 0.5) -> float:
    """Return about so many seconds, so that pods which began together do not stay in step."""
    return seconds * random.uniform(1 - spread, 1 + spread)  # noqa: S311 - jitter, no secret


class Wakeup:
    """The pause between two rounds of a loop: until `wake` is called, at most `longest` seconds.

    A pause lasts at least `shortest` seconds, so that many calls of `wake` cause one round.
    """

    def __init__(self, shortest: float, longest: float) -> None:
        self._shortest = shortest
        self._longest = longest
        self._event = asyncio.Event()

    def wake(self) -> None:
        """End the pause as soon as it has lasted `shortest` seconds."""
        self._event.set()

    async def wait(self) -> bool:
        """Wait until the next round is due; return whether `wake` was called for it."""
        await asyncio.sleep(self._shortest)
        woken = await wait_for_event(self._event, self._longest - self._shortest)
        self._event.clear()
        return woken
