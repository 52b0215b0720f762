"""A circuit breaker for calls to Redis that a request waits for."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

from runtime.tasks import keep

Result = TypeVar("Result")

TIMEOUT = 0.05  # seconds that a request waits for an answer of Redis
COOL_OFF = 1.0  # seconds after a failure in which Redis is not called


class CircuitBreaker:
    """A breaker that gives up a slow call early, and is open for COOL_OFF seconds after a failure.

    Its callers have a fallback of their own.
    """

    def __init__(self) -> None:
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        """Tell whether calls should be left out now."""
        return time.monotonic() < self._open_until

    async def call(self, coroutine: Coroutine[Any, Any, Result]) -> Result | None:
        """Return the result, or None after an error or when there is none within TIMEOUT.

        The coroutine goes on by itself then: cancelled, it would cost the pod its connection.
        """
        task = keep(asyncio.create_task(coroutine))
        task.add_done_callback(self._on_done)
        await asyncio.wait({task}, timeout=TIMEOUT)
        if not task.done():
            self._open()
            return None
        return None if task.cancelled() or task.exception() else task.result()

    def _on_done(self, task: asyncio.Task[Any]) -> None:
        if task.cancelled() or task.exception() is not None:
            self._open()

    def _open(self) -> None:
        self._open_until = time.monotonic() + COOL_OFF
