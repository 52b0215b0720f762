"""The connection to Redis for all commands but SUBSCRIBE."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from pixelsite.conf.redis import TIMEOUT, RedisHost
from pixelsite.observe import metrics
from pixelsite.redis.pool import make_pool


class SharedConnection:
    """A connection that one task uses at a time, each for at most TIMEOUT seconds.

    A failure raises OSError and closes the connection, because a late answer on it could be
    taken for that of the next command.
    """

    def __init__(self, host: RedisHost) -> None:
        self._redis = Redis(connection_pool=make_pool(host))
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Redis]:
        """Wait for the connection, and yield redis-py's client to use it alone."""
        started = time.perf_counter()
        try:
            async with asyncio.timeout(TIMEOUT), self._turn:
                started = time.perf_counter()
                try:
                    yield self._redis
                except BaseException:
                    await self.close()  # before the next one uses it
                    raise
            metrics.redis_seconds.labels("answered").observe(time.perf_counter() - started)
        except (RedisError, OSError) as error:
            metrics.redis_seconds.labels("failed").observe(time.perf_counter() - started)
            raise ConnectionError(f"Redis does not answer: {error}") from error

    async def close(self) -> None:
        """Close the connection; the next user opens another."""
        with suppress(RedisError, OSError):
            async with asyncio.timeout(TIMEOUT):
                await self._redis.connection_pool.disconnect()
