"""The gateway of this process: made from the settings, started and stopped with the server."""

import asyncio
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings

from canvas import gateway
from canvas.gateway import Gateway
from canvas.tasks import end, keep
from moderation.runner import Runner
from presence.leases import MemoryLeases, RedisLeases

_starting = asyncio.Lock()
_running: list[asyncio.Task[None]] = []  # what the pod does beside serving people


async def ensure_started() -> None:
    if gateway.current() is None:
        async with _starting:
            if gateway.current() is None:
                await start()


async def start() -> None:
    layer = get_channel_layer()
    leases = RedisLeases(layer.link) if settings.REDIS_HOST else MemoryLeases()
    pod = Gateway(settings.POD_ID, layer, leases)
    await pod.start()
    gateway.install(pod)
    _running.append(keep(Runner().run))


async def stop() -> None:
    pod = gateway.current()
    if pod is not None:
        gateway.install(None)
        await end(*_running)
        _running.clear()
        await pod.stop()
        await get_channel_layer().flush()


async def lifespan(receive: Any, send: Any) -> None:
    """The server's start and stop, as ASGI's lifespan protocol tells them."""
    while (await receive())["type"] != "lifespan.shutdown":
        await start()
        await send({"type": "lifespan.startup.complete"})
    await stop()
    await send({"type": "lifespan.shutdown.complete"})
