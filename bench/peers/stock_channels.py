"""Django Channels as in its tutorial: a consumer for each socket, `group_add`, `group_send`.

As a program it is the node that publishes: it sends Redis' messages to the group.
"""

import asyncio
import os

import django
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter
from django.conf import settings

REDIS_URL = os.environ["REDIS_URL"]

settings.configure(
    SECRET_KEY="a key for the bench, on loopback alone",
    INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL]},
        }
    },
)
django.setup()


class CanvasConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    async def connect(self) -> None:
        await self.channel_layer.group_add("canvas", self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard("canvas", self.channel_name)

    async def pixel_updated(self, event: dict[str, object]) -> None:
        await self.send_json(event)


application = ProtocolTypeRouter({"websocket": CanvasConsumer.as_asgi()})


async def publish() -> None:
    import orjson
    from redis.asyncio import Redis

    layer = get_channel_layer()
    async with Redis.from_url(REDIS_URL) as redis, redis.pubsub() as pubsub:
        await pubsub.subscribe("pixel-updates")
        print("ready", flush=True)
        async for message in pubsub.listen():
            if message["type"] == "message":
                await layer.group_send("canvas", orjson.loads(message["data"]))


if __name__ == "__main__":
    asyncio.run(publish())
