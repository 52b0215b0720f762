"""The pod of this process: made from the settings, started and stopped with the server."""

import asyncio
import math
from concurrent.futures import Future
from functools import partial
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from accounts import limits
from accounts.counters import RedisCounters
from accounts.limits import Limiter, PodLimiter
from accounts.socket_counts import RedisSharedCounts, SocketCounts
from blueprints.pod.service import BlueprintService, current_service
from canvas import metrics
from canvas.pod.audience import RedisAudience
from canvas.pod.pod import Pod, current_pod
from canvas.protocol.signatures import signer
from moderation import pod_stats
from moderation.pod_stats import RedisPodStats
from moderation.runner import Runner
from pixelsite.checks import warn_of_owner
from pixelsite.observe import metrics as service_metrics
from pixelsite.observe.redis_gauges import RedisGauges
from pixelsite.redis.cluster_mode import refuse_cluster_mode
from pixelsite.redis.copy_store import RedisCopyStore
from presence.lease_format import MAX_POD_ID
from presence.leases import MemoryLeases, RedisLeases
from runtime.tasks import end, supervise

_starting = asyncio.Lock()
COUNTING_TIMEOUT = 1.0  # seconds that the export of metrics waits for the event loop

_background: list[asyncio.Task[None]] = []  # tasks of this process that are not the pod's own


async def ensure_started() -> None:
    if current_pod.get() is None:
        async with _starting:
            if current_pod.get() is None:
                await start()


async def start() -> None:
    loop = asyncio.get_running_loop()
    service_metrics.tasks.set_function(partial(count_tasks, loop))
    if settings.TRACES_ENDPOINT:
        from pixelsite.observe import tracing  # an extra

        tracing.start()
    check_pod_id(settings.POD_ID)
    layer = get_channel_layer()
    if settings.REDIS_HOST:
        await refuse_cluster_mode(layer.connection)
        pod = Pod(
            settings.POD_ID,
            layer,
            leases_in(layer),
            Limiter(RedisCounters(layer.connection)),
            SocketCounts(shared_counts(layer)),
            RedisCopyStore(settings.REDIS_HOST),
            RedisAudience(layer.connection, settings.POD_ID),
        )
    else:
        pod = Pod(settings.POD_ID, layer, MemoryLeases())
    await pod.start()
    limits.pod_limiter.set(PodLimiter(pod.limiter, loop))
    current_pod.set(pod)
    BlueprintService(pod).start()
    _background.append(asyncio.create_task(warn_of_owner()))
    _background.append(supervise(Runner().run))
    if settings.REDIS_HOST:
        pod_stats.shared_stats.set(RedisPodStats(layer.connection))
        gauges = RedisGauges(layer.connection, settings.POD_ID, lambda: len(pod.hub))
        _background.append(supervise(gauges.run))


def leases_in(layer: Any) -> RedisLeases:
    """Return the leases; where no foreign gateway listens, only those of this site count."""
    has_foreign = settings.PIXEL_MESSAGES == "each"
    on_unsigned = None if has_foreign else metrics.unsigned_leases.inc
    return RedisLeases(layer.connection, signer(), metrics.other_sites.inc, on_unsigned)


def check_pod_id(pod_id: str) -> None:
    """Raise ImproperlyConfigured for an id that other pods do not believe."""
    if len(pod_id.encode()) > MAX_POD_ID:
        raise ImproperlyConfigured(
            f"POD_ID has at most {MAX_POD_ID} bytes: other pods would not count this one's people."
        )


def count_tasks(loop: asyncio.AbstractEventLoop) -> float:
    """Count the tasks of a loop from the thread that exports metrics; NaN where it is too busy.

    They are counted on the loop, where none begins or ends meanwhile: 15 ms for 20,000.
    """
    counted: Future[int] = Future()
    try:
        loop.call_soon_threadsafe(lambda: counted.set_result(len(asyncio.all_tasks(loop))))
        return counted.result(COUNTING_TIMEOUT)
    except (RuntimeError, TimeoutError):  # it has ended, or does not answer
        return math.nan


def shared_counts(layer: Any) -> RedisSharedCounts | None:
    """Return the counts that pods share, or None where sockets have no limit."""
    return (
        RedisSharedCounts(layer.connection, settings.POD_ID)
        if settings.LIMIT_SOCKETS_PER_ADDRESS
        else None
    )


async def stop() -> None:
    pod = current_pod.get()
    if pod is not None:
        current_pod.reset()
        limits.pod_limiter.reset()
        shared_stats = pod_stats.shared_stats.get()
        pod_stats.shared_stats.reset()
        if (blueprints := current_service.get()) is not None:
            await blueprints.stop()
        await end(*_background)
        _background.clear()
        if shared_stats is not None:
            await shared_stats.forget(settings.POD_ID)
        await pod.stop()
        await get_channel_layer().flush()
        if settings.TRACES_ENDPOINT:
            from pixelsite.observe import tracing

            await asyncio.to_thread(tracing.stop)


async def lifespan(receive: Any, send: Any) -> None:
    """Start and stop the pod with the server, by ASGI's lifespan protocol."""
    while (await receive())["type"] != "lifespan.shutdown":
        try:
            await start()
        except ImproperlyConfigured as error:  # the server logs it and ends
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
    await stop()
    await send({"type": "lifespan.shutdown.complete"})
