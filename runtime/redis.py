"""The interface to Redis that the apps use; `pixelsite.redis.connection` implements it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol


class RedisConnection(Protocol):
    """A connection that tasks share, one at a time."""

    def turn(self) -> AbstractAsyncContextManager[Any]:
        """Return a context in which the caller alone uses redis-py's client.

        It raises OSError when Redis does not answer.
        """
        ...

    def values(self, keys: Sequence[str], longest: int) -> AsyncIterator[bytes | None]:
        """Yield the values of these keys, in their order.

        None for a key that is not there, for what is no text, and for a value of more than
        `longest` bytes, which does not leave Redis. Raise OSError when Redis does not answer.
        """
        ...
