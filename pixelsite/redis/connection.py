"""The connection to Redis for all commands but SUBSCRIBE."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from pixelsite.conf.redis import TIMEOUT, RedisHost
from pixelsite.observe import metrics
from pixelsite.redis.pool import make_pool

logger = logging.getLogger(__name__)

MAX_ANSWER = 8 * 2**20  # bytes of values that one command reads: the next one reads the others
MAX_TOLD = 100  # keys whose values were too long that the log names

# The values of KEYS; the length of one that is longer than ARGV[1], false for one that is no text.
READ_SCRIPT = """
local values, longest = {}, tonumber(ARGV[1])
for i, key in ipairs(KEYS) do
    local length = redis.pcall('strlen', key)
    if type(length) == 'number' then
        values[i] = length > longest and length or redis.call('get', key)
    elseif string.find(length.err, 'WRONGTYPE') then values[i] = false
    else return length end
end
return values
"""


class SharedConnection:
    """A connection that one task uses at a time, each for at most TIMEOUT seconds.

    A failure raises OSError and closes the connection, because a late answer on it could be
    taken for that of the next command.
    """

    def __init__(self, host: RedisHost) -> None:
        self._redis = Redis(connection_pool=make_pool(host))
        self._turn = asyncio.Lock()
        self._told: set[str] = set()

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

    async def values(self, keys: Sequence[str], longest: int) -> AsyncIterator[bytes | None]:
        """Yield the values of these keys, in their order, as `runtime.redis` says.

        The length is looked at before the value leaves Redis: a foreign one may have 512 MB, and a
        client has all of an answer in memory before it can look at it.
        """
        at_once = max(1, MAX_ANSWER // longest)
        for start in range(0, len(keys), at_once):
            asked = keys[start : start + at_once]
            async with self.turn() as redis:
                answer: Any = redis.eval(READ_SCRIPT, len(asked), *asked, longest)
                found: list[bytes | int | None] = await answer
            for key, value in zip(asked, found, strict=True):
                if isinstance(value, int):
                    self._tell_refused(key, value, longest)
                    yield None
                else:
                    yield value

    def _tell_refused(self, key: str, length: int, longest: int) -> None:
        metrics.redis_values_refused.inc()
        if key not in self._told and len(self._told) < MAX_TOLD:
            self._told.add(key)
            logger.warning("%r has %d bytes, more than %d: it is not read", key, length, longest)

    async def close(self) -> None:
        """Close the connection; the next user opens another."""
        with suppress(RedisError, OSError):
            async with asyncio.timeout(TIMEOUT):
                await self._redis.connection_pool.disconnect()
