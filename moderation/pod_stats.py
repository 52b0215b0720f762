"""What each pod measures of itself, kept for the others' overviews until it runs out."""

from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

import orjson
from prometheus_client import Counter, Gauge

from canvas import metrics
from runtime.process_var import ProcessVar
from runtime.redis import RedisConnection

TTL = 60  # seconds: a pod that writes every 15 may miss three times
LARGEST = 2**53  # what JSON holds exactly everywhere


class PodStats(NamedTuple):
    """Of one pod, since it started; the metrics that they are taken from say what each means."""

    sockets: int
    placements: int
    refusals: int
    gaps: int
    catch_ups: int
    caught_up: int
    overflows: int
    resubscriptions: int
    degraded: int
    degraded_seconds: int


def own() -> PodStats:
    """This pod's, as they are now."""
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
    """Over all of its labels, or over those that have these."""
    return int(
        sum(
            sample.value
            for family in metric.collect()
            for sample in family.samples
            if not sample.name.endswith("_created") and labels.items() <= sample.labels.items()
        )
    )


class RedisPodStats:
    """Keys `pod:{podId}:figures` with a time to live, which `pixelsite.survey` writes."""

    def __init__(self, redis: RedisConnection) -> None:
        self._redis = redis

    async def read(self, pod_ids: Iterable[str]) -> dict[str, PodStats]:
        """Of those that have told of themselves lately; raise OSError when Redis is away."""
        asked = list(pod_ids)
        if not asked:
            return {}
        async with self._redis.turn() as redis:
            values = await redis.mget(map(key_of, asked))
        told = zip(asked, map(decode, values), strict=True)
        return {pod_id: measures for pod_id, measures in told if measures is not None}

    async def forget(self, pod_id: str) -> None:
        """A pod that stops has nothing more to tell; without Redis it is forgotten in a minute."""
        with suppress(OSError):
            async with self._redis.turn() as redis:
                await redis.delete(key_of(pod_id))


def key_of(pod_id: str) -> str:
    return f"pod:{pod_id}:figures"


def encode(measures: PodStats) -> bytes:
    return orjson.dumps(measures._asdict())


def decode(value: bytes | None) -> PodStats | None:
    """None where there is nothing, or something that no pod of this version would write."""
    try:
        measures = PodStats(**orjson.loads(value or b""))
    except (orjson.JSONDecodeError, TypeError):
        return None
    sound = all(type(number) is int and 0 <= number <= LARGEST for number in measures)
    return measures if sound else None


shared_stats: ProcessVar[RedisPodStats | None] = ProcessVar(None)  # None for a pod that is alone
