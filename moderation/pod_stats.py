"""Statistics of each pod, which it shares through Redis for the overview of the others."""

from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

import orjson
from prometheus_client import Counter, Gauge

from canvas import metrics
from runtime.process_var import ProcessVar
from runtime.redis import RedisConnection

TTL = 60  # seconds: a pod that writes every 15 may miss three times
MAX_BYTES = 1024  # of what is believed of another pod
MAX_SAFE_INTEGER = 2**53  # what JSON holds exactly everywhere


class PodStats(NamedTuple):
    """Counts of one pod since it started; the metrics of the same names say what each means."""

    sockets: int
    placements: int
    refusals: int
    gaps: int
    catch_ups: int
    caught_up: int
    overflows: int
    resubscriptions: int
    degraded: int  # 1 while it is out of touch with Redis
    degraded_seconds: int


def own() -> PodStats:
    """Read the statistics of this pod now."""
    return PodStats(
        sockets=total(metrics.sockets),
        placements=total(metrics.placements),
        refusals=total(metrics.refusals),
        gaps=total(metrics.catch_ups, reason="gap"),
        catch_ups=total(metrics.catch_ups),
        caught_up=total(metrics.caught_up),
        overflows=total(metrics.overflows),
        resubscriptions=total(metrics.resubscriptions),
        degraded=total(metrics.degraded),
        degraded_seconds=total(metrics.degraded_seconds),
    )


def total(metric: Counter | Gauge, **labels: str) -> int:
    """Sum a metric over all of its labels, or over those that have these values."""
    return int(
        sum(
            sample.value
            for family in metric.collect()
            for sample in family.samples
            if not sample.name.endswith("_created") and labels.items() <= sample.labels.items()
        )
    )


class RedisPodStats:
    """Keys `pod:{podId}:figures` that run out; `pixelsite.observe.redis_gauges` writes them."""

    def __init__(self, redis: RedisConnection) -> None:
        self._redis = redis

    async def read(self, pod_ids: Iterable[str]) -> dict[str, PodStats]:
        """Read the statistics of the pods that wrote some within TTL.

        Raise OSError when Redis is away.
        """
        asked = list(pod_ids)
        values = self._redis.values([key_of(pod_id) for pod_id in asked], MAX_BYTES)
        found = zip(asked, [decode(value) async for value in values], strict=True)
        return {pod_id: stats for pod_id, stats in found if stats is not None}

    async def forget(self, pod_id: str) -> None:
        """Delete the statistics of a pod that stops; without Redis they run out in a minute."""
        with suppress(OSError):
            async with self._redis.turn() as redis:
                await redis.delete(key_of(pod_id))


def key_of(pod_id: str) -> str:
    return f"pod:{pod_id}:figures"


def encode(stats: PodStats) -> bytes:
    return orjson.dumps(stats._asdict())


def decode(value: bytes | None) -> PodStats | None:
    """Read a value of Redis; return None for what no pod of this version would write."""
    try:
        stats = PodStats(**orjson.loads(value or b""))
    except (orjson.JSONDecodeError, TypeError):
        return None
    sound = all(type(number) is int and 0 <= number <= MAX_SAFE_INTEGER for number in stats)
    return stats if sound else None


shared_stats: ProcessVar[RedisPodStats | None] = ProcessVar(None)  # None for a pod that is alone
