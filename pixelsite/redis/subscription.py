"""The subscribed connection to Redis, which is replaced when it is lost or silent."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from redis.asyncio import Connection
from redis.exceptions import RedisError

from pixelsite.conf.redis import TIMEOUT, RedisHost
from pixelsite.redis.pool import make_pool
from runtime.tasks import end
from runtime.waiting import about

logger = logging.getLogger(__name__)

PING_INTERVAL = 1.0  # seconds
SILENCE_TIMEOUT = 2.5  # seconds without a message or a reply to a ping: the connection is dead
RETRY_INTERVAL = 0.5  # seconds between two attempts to connect, about


class Subscription:
    """A reader of messages from any number of channels, over one connection.

    It pings Redis, because a hung server, a lost route and a failover all look the same: no
    reply comes. redis-py alone would wait for ever.
    """

    def __init__(self, host: RedisHost, receive: Callable[[str, bytes], None]) -> None:
        """`receive` takes the channel and the bytes of each message."""
        self._host = host
        self._receive = receive
        self.on_change: Callable[[bool], None] = lambda subscribed: None
        self._channels: set[str] = set()
        self._confirmed = asyncio.Event()
        self._connection: Connection | None = None
        self._task: asyncio.Task[None] | None = None
        self._last_reply_at = 0.0  # by the event loop's clock

    async def add(self, channel: str, seconds: float) -> None:
        """Subscribe to one more channel; wait at most so many seconds until Redis confirms."""
        if channel not in self._channels:
            self._channels.add(channel)
            self._confirmed.clear()
            if self._connection is not None:
                await self._connection.send_command("SUBSCRIBE", channel)
        if self._task is None:
            self._task = asyncio.create_task(self._keep_reading())
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._confirmed.wait()

    async def close(self) -> None:
        self._channels.clear()
        if self._task is not None:
            await end(self._task)
            self._task = None

    async def _keep_reading(self) -> None:
        while True:
            pool = make_pool(self._host)
            try:
                async with asyncio.timeout(TIMEOUT):
                    connection = await pool.get_connection()  # type: ignore[no-untyped-call]  # redis-py
                    self._connection = connection
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
            await asyncio.sleep(about(RETRY_INTERVAL))

    async def _read(self, connection: Connection) -> None:
        """Pass on the messages; raise OSError when the connection is lost or silent."""
        # two tasks, because a time-out around each read costs more than the message itself
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
            reply = await connection.read_response(
                disable_decoding=True, disconnect_on_error=False, push_request=True
            )
            self._last_reply_at = clock()
            self._take(reply)

    async def _watch(self, connection: Connection) -> None:
        clock = asyncio.get_running_loop().time
        self._last_reply_at = clock()
        pinged_at = 0.0
        while (now := clock()) - self._last_reply_at < SILENCE_TIMEOUT:
            if now - pinged_at > PING_INTERVAL:
                pinged_at = now
                async with asyncio.timeout(TIMEOUT):
                    await connection.send_command("PING")
            await asyncio.sleep(PING_INTERVAL / 4)
        raise ConnectionError("no answer")

    def _take(self, reply: Any) -> None:
        match reply:
            case [b"message", channel, data]:
                self._receive(channel.decode(), data)
            case [b"subscribe", _, count] if count == len(self._channels):
                self._confirmed.set()
                self.on_change(True)
