"""One connection to Redis for everything but the subscription."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from channels_redis.utils import create_pool
from redis.asyncio import Redis
from redis.exceptions import RedisError

from pixelsite.conf.redis import TIMEOUT
from pixelsite.observe import metrics


class SharedConnection:
    """Publishes and runs commands, for one task at a time, each turn within TIMEOUT seconds.

    A turn that fails raises OSError, and the next one starts on a new connection: what the old
    one may still answer belongs to nobody.
    """

    def __init__(self, host: dict[str, Any]) -> None:
        self._redis = Redis(connection_pool=create_pool(host))
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Redis]:
        started = time.perf_counter()
        try:
            async with asyncio.timeout(TIMEOUT), self._turn:
                started = time.perf_counter()
                yield self._redis
            metrics.redis_seconds.labels("answered").observe(time.perf_counter() - started)
        except (RedisError, OSError) as error:
            metrics.redis_seconds.labels("failed").observe(time.perf_counter() - started)
            await self.close()
            raise ConnectionError(f"Redis does not answer: {error}") from error

    async def close(self) -> None:
        """Close the connection; the next turn opens another."""
        with suppress(RedisError, OSError):
            async with asyncio.timeout(TIMEOUT):
                await self._redis.connection_pool.disconnect()
