"""Threads that wait for the database, so that the event loop does not."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async
from django.db import connections

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

REQUESTS = "requests"  # the lane of every thread that belongs to no other

_here = threading.local()


class Lane:
    """Threads for one kind of a pod's work. Each has a connection of its own for certain.

    What waits in one lane, or for a connection there, keeps no other lane from working.
    """

    def __init__(self, name: str, threads: int) -> None:
        self.name = name
        self.threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name, initializer=self._enter)

    async def run(
        self,
        function: Callable[Parameters, Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Run a blocking function in a thread of this lane, and return its result.

        Channels closes connections that are unusable or too old before and after it.
        """
        run: Any = database_sync_to_async(function, thread_sensitive=False, executor=self._pool)
        result: Result = await run(*args, **kwargs)
        return result

    def _enter(self) -> None:
        _here.lane = self.name


WRITER = Lane("writer", 2)  # placements, and the probe of what they need
WATCH = Lane("watch", 2)  # short looks that people wait for: the ledger's heads, bans, arrivals
WORK = Lane("work", 2)  # what may take a second: boards, sealing, chunks of moderation
LANES = (WRITER, WATCH, WORK)


def current_lane() -> str:
    """Return the name of the lane that this thread belongs to."""
    lane: str = getattr(_here, "lane", REQUESTS)
    return lane


async def in_database(
    function: Callable[Parameters, Result],
    *args: Parameters.args,
    **kwargs: Parameters.kwargs,
) -> Result:
    """Run a blocking function in the lane for work that may take a while."""
    return await WORK.run(function, *args, **kwargs)


def give_back_connection() -> None:
    """Return this thread's connection to the pool before the end of the request."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
