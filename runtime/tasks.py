"""Tasks that outlive the request, or the socket, that they were begun for."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context
from typing import Any, TypeVar

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

RESTART = 1.0  # seconds after a fault
INSIST = 0.2  # seconds until a task that did not end is cancelled again


def keep(run: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
    """Run a part of the pod for ever: a fault is logged, and the part starts again."""
    return asyncio.create_task(_keep(run))


def spawn_detached(coroutine: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
    """Start a task without the context of the request that began it.

    It does for many what the first one asked for, so no log line of it may name that request.
    """
    return asyncio.create_task(coroutine, context=Context())


async def end(*tasks: asyncio.Task[None]) -> None:
    """Cancel the tasks and wait until they have ended.

    A task is cancelled more than once where needed: `asyncio.wait_for`, which redis-py sends
    with, may swallow a cancellation before Python 3.12.
    """
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=INSIST)


async def _keep(run: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await run()
        except Exception:
            logger.exception("%s failed and starts again", run)
            await asyncio.sleep(RESTART)
