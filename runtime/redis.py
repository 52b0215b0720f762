"""What the apps need of a connection to Redis; `pixelsite.redis` has the real one."""

from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol


class RedisConnection(Protocol):
    """One connection that tasks use in turns. A turn raises OSError when Redis does not answer."""

    def turn(self) -> AbstractAsyncContextManager[Any]: ...
