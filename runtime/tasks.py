"""Tasks that outlive the request or the socket that started them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context
from typing import Any, TypeVar

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

RESTART_DELAY = 1.0  # seconds after a fault
CANCEL_INTERVAL = 0.2  # seconds until a task that did not end is cancelled again

_kept: set[asyncio.Task[Any]] = set()


def supervise(run: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
    """Run a part of the pod for ever: log a fault, and start the part again after it."""
    return asyncio.create_task(_supervise(run))


def spawn_detached(coroutine: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
    """Start a task without the context of the request that starts it.

    For work that serves many requests: its log lines must not name the first of them.
    """
    return keep(asyncio.create_task(coroutine, context=Context()))


def keep(task: asyncio.Task[Result]) -> asyncio.Task[Result]:
    """Hold a task that nobody waits for until it has ended: the event loop itself does not."""
    _kept.add(task)
    task.add_done_callback(_kept.discard)
    return task


class KeyedTasks(dict[str, asyncio.Task[Result]]):
    """Detached tasks by key, each until it has ended."""

    def start(self, key: str, coroutine: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """Start the task of a key that has none."""
        task = self[key] = spawn_detached(coroutine)
        task.add_done_callback(lambda _: self.pop(key))
        return task


async def end(*tasks: asyncio.Task[None]) -> None:
    """Cancel the tasks and wait until they have ended.

    It cancels a task again where needed: before Python 3.12 `asyncio.wait_for`, which redis-py
    sends with, may swallow a cancellation.
    """
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=CANCEL_INTERVAL)


async def _supervise(run: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await run()
        except Exception:
            logger.exception("%s failed and starts again", run)
            await asyncio.sleep(RESTART_DELAY)
