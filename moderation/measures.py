"""What each pod measures of itself, kept for the others' overviews until it runs out."""

from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple

import orjson
from prometheus_client import Counter, Gauge

from canvas import metrics
from presence.leases import Link

TTL = 60  # seconds: a pod that writes every 15 may miss three times
LARGEST = 2**53  # what JSON holds exactly everywhere


class Measures(NamedTuple):
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


def own() -> Measures:
    """This pod's, as they are now."""
    return Measures(
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


class RedisMeasures:
    """Keys `pod:{podId}:figures` with a time to live, which `pixelsite.survey` writes."""

    def __init__(self, link: Link) -> None:
        self._link = link

    async def read(self, pod_ids: Iterable[str]) -> dict[str, Measures]:
        """Of those that have told of themselves lately; raise OSError when Redis is away."""
        asked = list(pod_ids)
        if not asked:
            return {}
        async with self._link.turn() as redis:
            values = await redis.mget(map(key_of, asked))
        told = zip(asked, map(decode, values), strict=True)
        return {pod_id: measures for pod_id, measures in told if measures is not None}

    async def forget(self, pod_id: str) -> None:
        """A pod that stops has nothing more to tell; without Redis it is forgotten in a minute."""
        with suppress(OSError):
            async with self._link.turn() as redis:
                await redis.delete(key_of(pod_id))


def key_of(pod_id: str) -> str:
    return f"pod:{pod_id}:figures"


def encode(measures: Measures) -> bytes:
    return orjson.dumps(measures._asdict())


def decode(value: bytes | None) -> Measures | None:
    """None where there is nothing, or something that no pod of this version would write."""
    try:
        measures = Measures(**orjson.loads(value or b""))
    except (orjson.JSONDecodeError, TypeError):
        return None
    sound = all(type(number) is int and 0 <= number <= LARGEST for number in measures)
    return measures if sound else None


_shared: RedisMeasures | None = None


def install(shared: RedisMeasures | None) -> None:
    """Make this the place where the process finds what other pods measure."""
    global _shared
    _shared = shared


def shared() -> RedisMeasures | None:
    """None for a pod that is alone."""
    return _shared
