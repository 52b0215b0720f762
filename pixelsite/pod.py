"""The gateway of this process: made from the settings, started and stopped with the server."""

import asyncio
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings

from accounts import limits
from accounts.counters import RedisCounters
from accounts.headcount import Headcount, RedisBoard
from accounts.limits import Limiter
from canvas import gateway
from canvas.gateway import Gateway
from canvas.tasks import end, keep
from moderation import measures
from moderation.measures import RedisMeasures
from moderation.runner import Runner
from pixelsite.survey import Survey
from presence.leases import MemoryLeases, RedisLeases

_starting = asyncio.Lock()
_running: list[asyncio.Task[None]] = []  # what the pod does beside serving people


async def ensure_started() -> None:
    if gateway.current() is None:
        async with _starting:
            if gateway.current() is None:
                await start()


async def start() -> None:
    if settings.TRACES_ENDPOINT:
        from pixelsite import tracing  # an extra

        tracing.start()
    layer = get_channel_layer()
    if settings.REDIS_HOST:
        pod = Gateway(
            settings.POD_ID,
            layer,
            RedisLeases(layer.link),
            Limiter(RedisCounters(layer.link)),
            Headcount(board_of(layer)),
        )
    else:
        pod = Gateway(settings.POD_ID, layer, MemoryLeases())
    await pod.start()
    limits.install(pod.limiter)
    gateway.install(pod)
    _running.append(keep(Runner().run))
    if settings.REDIS_HOST:
        measures.install(RedisMeasures(layer.link))
        survey = Survey(layer.link, settings.POD_ID, lambda: len(pod.hub))
        _running.append(keep(survey.run))


def board_of(layer: Any) -> RedisBoard | None:
    """Nobody asks for other pods' sockets where there is no limit to them."""
    return RedisBoard(layer.link, settings.POD_ID) if settings.LIMIT_SOCKETS_PER_ADDRESS else None


async def drain() -> None:
    """Before the server stops listening: people move to other pods, a few at a time."""
    pod = gateway.current()
    if pod is not None:
        await pod.drain(settings.DRAIN_SECONDS)


async def stop() -> None:
    pod = gateway.current()
    if pod is not None:
        gateway.install(None)
        limits.install(None)
        told = measures.shared()
        measures.install(None)
        await end(*_running)
        _running.clear()
        if told is not None:
            await told.forget(settings.POD_ID)
        await pod.stop()
        await get_channel_layer().flush()
        if settings.TRACES_ENDPOINT:
            from pixelsite import tracing

            await asyncio.to_thread(tracing.stop)


async def lifespan(receive: Any, send: Any) -> None:
    """The server's start and stop, as ASGI's lifespan protocol tells them."""
    while (await receive())["type"] != "lifespan.shutdown":
        await start()
        await send({"type": "lifespan.startup.complete"})
    await stop()
    await send({"type": "lifespan.shutdown.complete"})
