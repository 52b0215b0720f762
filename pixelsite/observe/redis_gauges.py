"""What Redis says of itself and of this pod, and this pod of itself: a round trip now and then."""

import asyncio
import math
import random
from collections.abc import Callable

from moderation import pod_stats
from pixelsite.observe import metrics
from presence.leases import decode, key_of
from runtime.redis import RedisConnection

INTERVAL = 15.0  # seconds, about what Prometheus asks in


class RedisGauges:
    """Reads Redis' figures and this pod's lease, holds the lease against its sockets, and tells
    the other pods what this one measures.

    Each pod looks once an INTERVAL, whoever reads the metrics how often. What cannot be read is
    not a number: the last figure would pass for the present one.
    """

    def __init__(self, redis: RedisConnection, pod_id: str, sockets: Callable[[], int]) -> None:
        self._redis = redis
        self._pod_id = pod_id
        self._sockets = sockets

    async def run(self) -> None:
        while True:
            try:
                await self.look()
            except OSError:
                self._forget()
            await asyncio.sleep(INTERVAL * random.uniform(0.8, 1.2))  # noqa: S311 - jitter

    async def look(self) -> None:
        """Raise OSError when Redis does not answer, or refuses."""
        async with self._redis.turn() as redis:
            pipeline = redis.pipeline(transaction=False)
            pipeline.info("clients")
            pipeline.info("stats")
            pipeline.get(key_of(self._pod_id))
            own = pod_stats.encode(pod_stats.own())
            pipeline.setex(pod_stats.key_of(self._pod_id), pod_stats.TTL, own)
            clients, stats, value, _ = await pipeline.execute()
        lease = decode(value)
        metrics.redis_up.set(1)
        metrics.redis_clients.set(clients["connected_clients"])
        metrics.pubsub_channels.set(stats["pubsub_channels"])
        metrics.pubsub_patterns.set(stats["pubsub_patterns"])
        metrics.lease_drift.set((lease.count if lease else 0) - self._sockets())

    def _forget(self) -> None:
        metrics.redis_up.set(0)
        for gauge in (
            metrics.redis_clients,
            metrics.pubsub_channels,
            metrics.pubsub_patterns,
            metrics.lease_drift,
        ):
            gauge.set(math.nan)
