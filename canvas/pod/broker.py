"""The broker: reads and writes the messages between pods, one channel in two groups of the layer.

Redis carries and never knows: a message that is lost here costs other pods a second and nothing
else, so publishing never blocks and is given up when it takes long.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

from canvas import metrics
from canvas.protocol.announcements import PIXEL_CHANNEL, USER_CHANNEL
from runtime import spans
from runtime.tasks import end

logger = logging.getLogger(__name__)

Message = Mapping[str, Any]

PUBLISH_TIMEOUT = 1.0  # seconds; after it the ledger is the quicker way to the other pods
MAX_WAITING = 10_000  # messages; when Redis is slower than that, other pods catch up instead
ECHO_TIMEOUT = 2.0  # seconds in which a pod hears what it published itself, or is deaf
RETRY = 0.5  # seconds between two attempts to reach Redis


class BrokerDown(Exception):
    """The channel layer cannot be reached, or did not answer in time."""


class Layer(Protocol):
    """A channel layer as the broker needs it: Channels' groups, and a batch in one round trip.

    A subscription holds until `flush`, through every loss of the connection. `group_send_many` and
    `ping` raise BrokerDown; `receive` raises ValueError for a message that cannot be decoded.
    """

    async def new_channel(self) -> str: ...
    async def group_add(self, group: str, channel: str) -> None: ...
    async def receive(self, channel: str) -> Message: ...
    async def group_send_many(self, group: str, messages: Sequence[Message]) -> None: ...
    async def ping(self) -> None: ...
    async def flush(self) -> None: ...
    def watch(self, on_subscribed: Callable[[bool], None]) -> None:
        """Call back when the subscription is lost, and when it holds again."""


class Broker:
    """Reads and writes the layer for the whole pod.

    It calls `receive` with every message, our own coming back too; `distrust` for each that cannot
    be read; `on_ready` when publishing stops or starts to work; `on_missed` whenever messages of
    other pods may have been missed.
    """

    def __init__(
        self,
        layer: Layer,
        receive: Callable[[Message], None],
        distrust: Callable[[], None],
        on_ready: Callable[[bool], None],
        on_missed: Callable[[], None],
    ) -> None:
        self.ready = True
        self._layer = layer
        self._receive = receive
        self._distrust = distrust
        self._on_ready = on_ready
        self._on_missed = on_missed
        self._suspect = False
        self._subscribed = True
        self._unheard_since: float | None = None
        self._waiting: deque[tuple[str, Sequence[Message]]] = deque()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def publish(self, group: str, messages: Sequence[Message]) -> None:
        """Hand over a batch that goes out in one round trip, in order, or not at all."""
        if not self.ready or len(self._waiting) >= MAX_WAITING:
            metrics.published.labels("dropped").inc(len(messages))
            return
        self._waiting.append((group, messages))
        self._idle.clear()
        self._wake.set()

    async def flush(self) -> None:
        """Wait until what was handed over is published or given up."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PUBLISH_TIMEOUT):
                await self._idle.wait()

    async def read(self) -> None:
        """Subscribe, and subscribe anew whenever the pod does not hear its own messages."""
        while True:
            channel = await self._subscribe()
            reading = asyncio.create_task(self._receive_all(channel))
            try:
                await self._until_deaf()
            finally:
                await end(reading)
            metrics.resubscriptions.inc()
            logger.warning("this pod does not hear itself and subscribes anew")
            await self._layer.flush()

    async def _subscribe(self) -> str:
        self._layer.watch(self._on_subscribed)
        channel = await self._layer.new_channel()
        for group in (PIXEL_CHANNEL, USER_CHANNEL):
            await self._layer.group_add(group, channel)
        self._unheard_since = None
        return channel

    async def _receive_all(self, channel: str) -> None:
        while True:
            try:
                message = await self._layer.receive(channel)
            except ValueError:
                message = None
            self._unheard_since = None
            if isinstance(message, Mapping):
                self._receive(message)
            else:
                self._distrust()

    def _on_subscribed(self, holds: bool) -> None:
        self._subscribed = holds
        if holds:
            self._on_missed()
        else:
            self._suspect = True
            self._wake.set()

    async def _until_deaf(self) -> None:
        """Return when a published message has not come back to this pod for ECHO_TIMEOUT."""
        clock = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(RETRY)
            since = self._unheard_since
            if since is not None and clock() - since > ECHO_TIMEOUT:
                return

    async def write(self) -> None:
        """Publish what is handed over, in order."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            if self._suspect and not await self._answers():
                await self._wait_until_ready()
            self._suspect = False
            while self._waiting:
                group, messages = self._waiting.popleft()
                await self._send(group, messages)
            self._idle.set()

    async def _send(self, group: str, messages: Sequence[Message]) -> None:
        if self._unheard_since is None:
            self._unheard_since = asyncio.get_running_loop().time()
        try:
            with spans.linked_span("publish", messages=len(messages)):
                async with asyncio.timeout(PUBLISH_TIMEOUT):
                    await self._layer.group_send_many(group, messages)
        except (BrokerDown, TimeoutError):
            self._unheard_since = None
            metrics.published.labels("failed").inc(len(messages))
            await self._wait_until_ready()
        else:
            metrics.published.labels("sent").inc(len(messages))

    async def _wait_until_ready(self) -> None:
        """Drop what waits, since the ledger is the quicker way now, and wait until Redis answers.

        Ready means subscribed as well: what other pods publish from then on is heard.
        """
        self._set_ready(False)
        self._waiting.clear()
        while True:
            await asyncio.sleep(RETRY)
            if self._subscribed and await self._answers():
                return self._set_ready(True)

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(PUBLISH_TIMEOUT):
                await self._layer.ping()
        except (BrokerDown, TimeoutError):
            return False
        return True

    def _set_ready(self, ready: bool) -> None:
        logger.warning("the message broker is %s", "back" if ready else "down")
        self.ready = ready
        self._on_ready(ready)
