"""Making the next item of a sequence in a thread, while the one before it is used."""

from collections.abc import Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")


def prefetch(items: Iterable[Item]) -> Generator[Item, None, None]:
    """Yield the items; one is made ahead, in a thread that has to use no database.

    What the making raises is raised here. To close this ends the thread, after its item.
    """
    making = iter(items)
    end = object()
    with ThreadPoolExecutor(1, thread_name_prefix="prefetch") as thread:
        coming = thread.submit(next, making, end)
        while (item := coming.result()) is not end:
            coming = thread.submit(next, making, end)
            yield item  # type: ignore[misc]
