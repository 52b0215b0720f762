"""The threads that wait for the database, so that the event loop never does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from channels.db import database_sync_to_async

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

# Channels' own default is one thread for the whole process: a slow read would hold up writes.
THREADS = 6
_pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="database")


async def in_database(
    function: Callable[Parameters, Result],
    *args: Parameters.args,
    **kwargs: Parameters.kwargs,
) -> Result:
    """Run a blocking function of queries in a thread, with its connections tidied up after."""
    run: Any = database_sync_to_async(function, thread_sensitive=False, executor=_pool)
    result: Result = await run(*args, **kwargs)
    return result
