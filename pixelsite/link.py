"""One connection to Redis for everything but the subscription."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from channels_redis.utils import create_pool
from redis.asyncio import Redis
from redis.exceptions import RedisError

from pixelsite.broker import TIMEOUT


class Link:
    """Publishes and runs commands, for one task at a time, each turn within TIMEOUT seconds.

    A turn that fails raises OSError, and the next one starts on a new connection: what the old
    one may still answer belongs to nobody.
    """

    def __init__(self, host: dict[str, Any]) -> None:
        self._redis = Redis(connection_pool=create_pool(host))
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Redis]:
        try:
            async with asyncio.timeout(TIMEOUT), self._turn:
                yield self._redis
        except (RedisError, OSError) as error:
            await self.close()
            raise ConnectionError(f"Redis does not answer: {error}") from error

    async def close(self) -> None:
        """Close the connection; the next turn opens another."""
        with suppress(RedisError, OSError):
            async with asyncio.timeout(TIMEOUT):
                await self._redis.connection_pool.disconnect()
