"""The interface to Redis that the apps use; `pixelsite.redis.connection` implements it."""

from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol


class RedisConnection(Protocol):
    """A connection that tasks share, one at a time."""

    def turn(self) -> AbstractAsyncContextManager[Any]:
        """Return a context in which the caller alone uses redis-py's client.

        It raises OSError when Redis does not answer.
        """
        ...
