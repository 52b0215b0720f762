"""Threads of a test, with database connections of their own: what one raises, the test raises."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

Result = TypeVar("Result")


def at_once(work: Callable[[int], Result], threads: int) -> list[Result]:
    """Run the work in that many threads that begin together; return what each number gave."""
    barrier = Barrier(threads, timeout=10)

    def begin(number: int) -> Result:
        barrier.wait()
        return own_connections(lambda: work(number))

    connections.close_all()  # ours, or the pool is one short
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(begin, range(threads)))


def own_connections(work: Callable[[], Result]) -> Result:
    """Return what the work gives, and close the connections that its thread has opened."""
    try:
        return work()
    finally:
        connections.close_all()
