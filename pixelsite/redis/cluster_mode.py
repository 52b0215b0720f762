"""The refusal of a Redis in cluster mode: commands on several keys do not work there."""

from contextlib import suppress

from django.core.exceptions import ImproperlyConfigured

from runtime.redis import RedisConnection

ADVICE = (
    "This Redis runs in cluster mode, where a pod cannot read the leases of all pods at once and "
    "Pub/Sub reaches every node. Use one primary with replicas: Redis or Valkey with Sentinels "
    "(REDIS_SENTINELS), or a managed service with cluster mode disabled."
)


async def refuse_cluster_mode(redis: RedisConnection) -> None:
    """Raise ImproperlyConfigured for a Redis in cluster mode; let be one that does not answer."""
    with suppress(OSError):
        async with redis.turn() as client:
            info = await client.info("cluster")
        if info.get("cluster_enabled"):
            raise ImproperlyConfigured(ADVICE)
