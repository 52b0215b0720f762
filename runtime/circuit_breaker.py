"""Asking the other pods through Redis, without ever waiting long for it."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")

PATIENCE = 0.05  # seconds that somebody who waits for an answer waits for Redis
REST = 1.0  # seconds in which it is not asked again after it failed


class CircuitBreaker:
    """Gives up early, and does not try again for a while: whoever asks has an answer of its own."""

    def __init__(self) -> None:
        self._resting_until = 0.0

    @property
    def rests(self) -> bool:
        return time.monotonic() < self._resting_until

    async def ask(self, question: Coroutine[Any, Any, Result]) -> Result | None:
        """The answer; None when there is none in time.

        The question goes on by itself: cut off, it would cost the pod its connection.
        """
        asking = asyncio.create_task(question)
        asking.add_done_callback(self._note)
        await asyncio.wait({asking}, timeout=PATIENCE)
        if not asking.done():
            self._rest()
            return None
        return None if asking.cancelled() or asking.exception() else asking.result()

    def _note(self, asked: asyncio.Task[Any]) -> None:
        if asked.cancelled() or asked.exception() is not None:
            self._rest()

    def _rest(self) -> None:
        self._resting_until = time.monotonic() + REST
