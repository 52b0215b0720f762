"""The subscribed connection to Redis, kept alive and made anew when it falls silent."""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from channels_redis.utils import create_pool
from redis.asyncio import Connection
from redis.exceptions import RedisError

from pixelsite.conf.redis import TIMEOUT
from runtime.tasks import end

logger = logging.getLogger(__name__)

PING_INTERVAL = 1.0  # seconds
SILENCE = 2.5  # seconds without a word, pings answered or not, after which it counts as dead
RETRY = 0.5  # seconds between two attempts, about

Message = Mapping[str, Any]


class Subscription:
    """Reads messages for as long as it is open.

    A hung server, a lost route and a failover look the same from here: nothing comes back, not
    even to a ping. redis-py alone would wait for ever.
    """

    def __init__(self, host: Mapping[str, Any], receive: Callable[[Message], None]) -> None:
        self._host = dict(host)
        self._receive = receive
        self.on_change: Callable[[bool], None] = lambda holds: None
        self._channels: set[str] = set()
        self._confirmed = asyncio.Event()
        self._connection: Connection | None = None
        self._task: asyncio.Task[None] | None = None
        self._heard = 0.0  # when Redis last said anything, by the event loop's clock

    async def add(self, channel: str, patience: float) -> None:
        """Subscribe to one more channel; wait so many seconds at most until Redis confirms."""
        if channel not in self._channels:
            self._channels.add(channel)
            self._confirmed.clear()
            if self._connection is not None:
                await self._connection.send_command("SUBSCRIBE", channel)
        if self._task is None:
            self._task = asyncio.create_task(self._keep_reading())
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._confirmed.wait()

    async def close(self) -> None:
        self._channels.clear()
        if self._task is not None:
            await end(self._task)
            self._task = None

    async def _keep_reading(self) -> None:
        while True:
            pool = create_pool(self._host)
            try:
                async with asyncio.timeout(TIMEOUT):
                    self._connection = connection = await pool.get_connection()
                    await connection.send_command("SUBSCRIBE", *self._channels)
                await self._read(connection)
            except (RedisError, OSError) as error:
                logger.warning("the subscription is lost: %s", error)
                self.on_change(False)
            finally:
                self._connection = None
                self._confirmed.clear()
                with suppress(RedisError, OSError):
                    await pool.disconnect()
            await asyncio.sleep(RETRY * random.uniform(0.5, 1.5))  # noqa: S311 - jitter

    async def _read(self, connection: Connection) -> None:
        """Pass on what comes; raise OSError when nothing does."""
        # apart, because a time-out around each read costs more than the message itself
        tasks = [asyncio.create_task(part(connection)) for part in (self._listen, self._watch)]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            await end(*tasks)

    async def _listen(self, connection: Connection) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            said = await connection.read_response(
                disable_decoding=True, disconnect_on_error=False, push_request=True
            )
            self._heard = clock()
            self._take(said)

    async def _watch(self, connection: Connection) -> None:
        clock = asyncio.get_running_loop().time
        self._heard = clock()
        pinged = 0.0
        while (now := clock()) - self._heard < SILENCE:
            if now - pinged > PING_INTERVAL:
                pinged = now
                async with asyncio.timeout(TIMEOUT):
                    await connection.send_command("PING")
            await asyncio.sleep(PING_INTERVAL / 4)
        raise ConnectionError("no answer")

    def _take(self, said: Any) -> None:
        match said:
            case [b"message", channel, data]:
                self._receive({"channel": channel, "data": data})
            case [b"subscribe", _, count] if count == len(self._channels):
                self._confirmed.set()
                self.on_change(True)
