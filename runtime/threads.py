"""Threads that wait for the database, so that the event loop does not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

# Channels' default is one thread for the whole process, in which a slow read would delay writes.
THREADS = 6
_pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="database")


async def in_database(
    function: Callable[Parameters, Result],
    *args: Parameters.args,
    **kwargs: Parameters.kwargs,
) -> Result:
    """Run a blocking function in a database thread, and return its result.

    Channels closes connections that are unusable or too old before and after it.
    """
    run: Any = database_sync_to_async(function, thread_sensitive=False, executor=_pool)
    result: Result = await run(*args, **kwargs)
    return result
