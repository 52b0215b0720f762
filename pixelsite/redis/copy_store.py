"""Copies of tips in Redis, under `canvas:{slug}:snapshot`, on a connection of their own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import Redis

from pixelsite.conf.redis import RedisHost
from pixelsite.redis.connection import SharedConnection

LIFETIME = 3600  # seconds
MAX_TOGETHER = 64 * 2**20  # bytes of all canvases

# Stores KEYS[1] if the values of all KEYS are not too long together then. A foreign value of
# another type under one of them counts for nothing.
WRITE_SCRIPT = """
local total = #ARGV[1]
for i = 2, #KEYS do
    local length = redis.pcall('strlen', KEYS[i])
    if type(length) == 'number' then total = total + length end
end
if total > tonumber(ARGV[3]) then return 0 end
redis.call('setex', KEYS[1], ARGV[2], ARGV[1])
return 1
"""


class RedisCopyStore:
    """The store of `canvas.pod.tip_cache`.

    A copy may have megabytes, for which nothing else is to wait: it has a connection of its own,
    opened for each use, because there are only a few in ten minutes.
    """

    def __init__(self, host: RedisHost) -> None:
        self._connection = SharedConnection(host)

    async def read(self, slug: str, longest: int) -> bytes:
        async with self._once() as redis:
            value: bytes = await redis.getrange(key_of(slug), 0, longest - 1)
        return value

    async def write(self, slug: str, value: bytes, slugs: Sequence[str]) -> bool:
        keys = [key_of(slug), *(key_of(each) for each in slugs if each != slug)]
        async with self._once() as redis:
            stored: Any = redis.eval(WRITE_SCRIPT, len(keys), *keys, value, LIFETIME, MAX_TOGETHER)
            stored = await stored
        return bool(stored)

    @asynccontextmanager
    async def _once(self) -> AsyncIterator[Redis]:
        async with self._connection.turn() as redis:
            yield redis
            await redis.connection_pool.disconnect()


def key_of(slug: str) -> str:
    return f"canvas:{slug}:snapshot"
