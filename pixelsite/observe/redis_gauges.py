"""Gauges that a pod reads from Redis, and the stats that it stores there for other pods."""

import asyncio
import math
from collections.abc import Callable, Mapping

from canvas.protocol.signatures import signer
from moderation import pod_stats
from pixelsite.observe import metrics
from presence.lease_format import OtherSite, decode, key_of
from runtime.redis import RedisConnection
from runtime.waiting import about

INTERVAL = 15.0  # seconds, about the scrape interval of Prometheus


class RedisGauges:
    """Gauges of Redis and of this pod's lease, read once an INTERVAL in one round trip.

    The same round trip stores this pod's stats. How often the metrics are scraped makes no
    difference. A gauge that cannot be read is NaN, because its last value would pass for the
    present one.
    """

    def __init__(self, redis: RedisConnection, pod_id: str, sockets: Callable[[], int]) -> None:
        self._redis = redis
        self._pod_id = pod_id
        self._sockets = sockets

    async def run(self) -> None:
        while True:
            try:
                await self.update()
            except OSError:
                self._clear()
            await asyncio.sleep(about(INTERVAL, 0.2))

    async def update(self) -> None:
        """Set the gauges; raise OSError when Redis does not answer or refuses."""
        async with self._redis.turn() as redis:
            pipeline = redis.pipeline(transaction=False)
            pipeline.info("clients")
            pipeline.info("stats")
            pipeline.get(key_of(self._pod_id))
            own = pod_stats.encode(pod_stats.own())
            pipeline.setex(pod_stats.key_of(self._pod_id), pod_stats.TTL, own)
            clients, stats, value, _ = await pipeline.execute()
        metrics.redis_up.set(1)
        set_info(clients, stats)
        metrics.lease_drift.set(self._count_of(value) - self._sockets())

    def _count_of(self, value: bytes | None) -> int:
        """Return the connections in this pod's lease; none if another site has written over it."""
        try:
            lease = decode(value, self._pod_id, signer())
        except OtherSite:
            return 0
        return lease.count if lease else 0

    def _clear(self) -> None:
        metrics.redis_up.set(0)
        for gauge in (
            metrics.redis_clients,
            metrics.pubsub_channels,
            metrics.pubsub_patterns,
            metrics.lease_drift,
        ):
            gauge.set(math.nan)


def set_info(clients: Mapping[str, float], stats: Mapping[str, float]) -> None:
    """Set the gauges of two sections of INFO; a managed Redis may leave a line out."""
    metrics.redis_clients.set(clients.get("connected_clients", math.nan))
    metrics.pubsub_channels.set(stats.get("pubsub_channels", math.nan))
    metrics.pubsub_patterns.set(stats.get("pubsub_patterns", math.nan))
