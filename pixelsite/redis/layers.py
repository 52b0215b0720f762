"""Channel layers between pods: Redis Pub/Sub, or memory for a pod that is alone."""

import asyncio
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from channels.layers import InMemoryChannelLayer
from channels_redis.pubsub import (
    RedisPubSubChannelLayer,
    RedisPubSubLoopLayer,
    RedisSingleShardConnection,
)
from channels_redis.serializers import BaseMessageSerializer, registry
from channels_redis.utils import decode_hosts

from canvas.pod.broker import BrokerDown
from pixelsite.conf.redis import TIMEOUT, RedisHost
from pixelsite.redis.connection import SharedConnection
from pixelsite.redis.subscription import Subscription

# One command and reply for all messages: one for each costs the pod several times as much.
PUBLISH_SCRIPT = "for i = 2, #ARGV do redis.call('publish', ARGV[1], ARGV[i]) end"

Message = Mapping[str, Any]

MAX_QUEUED = 50_000  # messages in one channel; dropped ones are read from the ledger
MAX_QUEUED_BYTES = 64 * 2**20  # of them together
MAX_MESSAGE = 2**20  # bytes: 500 placements in one message have a third of it at most
UNREADABLE = b""  # in place of a longer one: it costs a look at the ledger


class Messages(asyncio.Queue[bytes]):
    """The messages that came and wait to be read: so many, and so many bytes."""

    def __init__(self) -> None:
        super().__init__(MAX_QUEUED)
        self._bytes = 0

    def full(self) -> bool:
        return self._bytes >= MAX_QUEUED_BYTES or super().full()

    def _put(self, item: bytes) -> None:
        super()._put(item)
        self._bytes += len(item)

    def _get(self) -> bytes:
        item = super()._get()
        self._bytes -= len(item)
        return item


class MemoryLayer(InMemoryChannelLayer):  # type: ignore[misc]  # Channels has no types
    """Channels' in-memory layer."""

    async def group_send_many(self, group: str, messages: Sequence[Mapping[str, Any]]) -> None:
        for message in messages:
            await self.group_send(group, message)

    async def ping(self) -> None:
        """Do nothing: memory always answers."""

    def watch(self, on_subscribed: Callable[[bool], None]) -> None:
        """Do nothing: a subscription in memory is never lost."""


class PlainJSON(BaseMessageSerializer):  # type: ignore[misc]  # Channels has no types
    """Messages as plain JSON, which other programs on the same Redis read and write."""

    def as_bytes(self, message: Any, *args: Any, **kwargs: Any) -> bytes:
        return orjson.dumps(message)

    def from_bytes(self, message: bytes, *args: Any, **kwargs: Any) -> Any:
        return orjson.loads(message)


registry.register_serializer("plain-json", PlainJSON)


class RedisLayer(RedisPubSubChannelLayer):  # type: ignore[misc]  # Channels has no types
    """channels-redis' Pub/Sub layer with groups under their own names, as plain JSON."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(serializer_format="plain-json", **kwargs)
        self._queues: dict[str, Messages] = {}

    async def new_channel(self, prefix: str = "specific.") -> str:
        """Make a channel for group messages alone, without a subscription in Redis."""
        channel = f"{prefix}{uuid.uuid4().hex}"
        self._queues[channel] = Messages()
        self._get_layer().channels[channel] = self._queues[channel]
        return channel

    async def receive(self, channel: str) -> Message:
        """Return the next message; raise ValueError for one that is no JSON.

        Without channels-redis' look-ups of the layer and the serializer for each one.
        """
        message: Message = orjson.loads(await self._queues[channel].get())
        return message

    def _get_layer(self) -> "LoopLayer":
        """Return the layer of this event loop. channels-redis does the same with its own class."""
        loop = asyncio.get_running_loop()
        if loop not in self._layers:
            self._layers[loop] = LoopLayer(*self._args, **self._kwargs, channel_layer=self)
        layer: LoopLayer = self._layers[loop]
        return layer


class LoopLayer(RedisPubSubLoopLayer):  # type: ignore[misc]  # Channels has no types
    """The layer of one event loop: two connections for any number of channels."""

    def __init__(self, hosts: Any = None, **kwargs: Any) -> None:
        super().__init__(hosts=hosts, **kwargs)
        self._shards = [Shard(host, self) for host in decode_hosts(hosts)]

    @property
    def connection(self) -> SharedConnection:
        """The connection for commands on the pod's own keys."""
        connection: SharedConnection = self._shards[0].connection
        return connection

    async def group_send_many(self, group: str, messages: Sequence[Message]) -> None:
        payloads = [self.channel_layer.serialize(message) for message in messages]
        await self._get_shard(group).publish_many(group, payloads)

    async def ping(self) -> None:
        for shard in self._shards:
            await shard.ping()

    def watch(self, on_subscribed: Callable[[bool], None]) -> None:
        """Call back when a subscription is lost, and when it holds again."""
        for shard in self._shards:
            shard.subscription.on_change = on_subscribed

    def _get_group_channel_name(self, group: str) -> str:
        return group


class Shard(RedisSingleShardConnection):  # type: ignore[misc]  # Channels has no types
    """One Redis server.

    In channels-redis a publication waits for the subscription's lock, nothing times out, and a
    hung server goes unnoticed. Here the two have connections of their own, with time-outs.
    """

    def __init__(self, host: RedisHost, channel_layer: LoopLayer) -> None:
        super().__init__(host, channel_layer)
        self.connection = SharedConnection(host)
        self.subscription = Subscription(host, self._queue)

    async def publish(self, channel: str, message: bytes) -> None:
        await self.publish_many(channel, [message])

    async def publish_many(self, channel: str, payloads: Sequence[bytes]) -> None:
        """Publish the messages in order, by one command; raise BrokerDown when Redis fails."""
        try:
            async with self.connection.turn() as redis:
                sent: Any = redis.eval(PUBLISH_SCRIPT, 0, channel, *payloads)
                await sent
        except OSError as error:
            raise BrokerDown(str(error)) from error

    async def ping(self) -> None:
        try:
            async with self.connection.turn() as redis:
                pong: Any = redis.ping()
                await pong
        except OSError as error:
            raise BrokerDown(str(error)) from error

    async def subscribe(self, channel: str) -> None:
        """Subscribe; the subscription is renewed after every loss of the connection."""
        await self.subscription.add(channel, seconds=TIMEOUT)

    async def unsubscribe(self, channel: str) -> None:
        """Do nothing: a pod is subscribed until `flush`."""

    def _queue(self, group: str, data: bytes) -> None:
        """Queue a message of a group for its channels.

        Drop it for one that is full, since its reader has the ledger. One that is too long is not
        parsed, which would take the event loop.
        """
        layer = self.channel_layer
        if len(data) > MAX_MESSAGE:
            data = UNREADABLE
        for channel in layer.groups.get(group, ()):
            try:  # noqa: SIM105 - a context manager costs as much as the rest
                layer.channels[channel].put_nowait(data)
            except asyncio.QueueFull:
                pass

    async def flush(self) -> None:
        await self.subscription.close()
        await self.connection.close()
