"""The overview: what the metrics of this pod count, and what its database and Redis tell of all."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db.models.functions import Now
from prometheus_client import REGISTRY, Gauge

from canvas import gateway, metrics
from canvas.models import Canvas, Placement
from moderation.models import Operation, Report

PERIOD = 60  # seconds that a rate is taken over
LOOKED_AT = 200_000  # newest placements: the ledger has no index by time alone


class PodFigures(NamedTuple):
    """`lease` is how many connections a pod claims; `sockets` how many this one counts itself."""

    pod_id: str
    lease: int
    sockets: int | None


class CanvasFigures(NamedTuple):
    slug: str
    seq: int
    per_second: float
    frozen: bool


class Figures(NamedTuple):
    """Of all pods: canvases, people, pods, queues. Of this pod, since it started: the rest."""

    pod_id: str
    canvases: Sequence[CanvasFigures]
    people: int
    pods: Sequence[PodFigures]
    redis_ready: bool
    presence_whole: bool
    samples: Sequence[tuple[str, str, float]]
    reports_waiting: int
    operations_running: int


PREFIX = "pixelsite_"
OMITTED = ("_bucket", "_created")  # of histograms, which a table cannot show


def read() -> Figures:
    """In a process that serves nobody, there are no pods and no people to tell of."""
    pod = gateway.current()
    leases = {} if pod is None else pod.presence.leases()
    own = "" if pod is None else pod.pod_id
    return Figures(
        pod_id=own,
        canvases=_canvases(),
        people=0 if pod is None else pod.presence.everyone().count,
        pods=[
            PodFigures(pod_id, lease.count, total(metrics.sockets) if pod_id == own else None)
            for pod_id, lease in sorted(leases.items())
        ],
        redis_ready=pod is not None and pod.bus.ready,
        presence_whole=pod is not None and pod.presence.whole,
        samples=samples(),
        reports_waiting=Report.objects.exclude(state=Report.State.RESOLVED).count(),
        operations_running=Operation.objects.filter(state=Operation.State.RUNNING).count(),
    )


def samples() -> list[tuple[str, str, float]]:
    """Name, labels and value of whatever `docs/metrics.md` lists."""
    return [
        (sample.name, ", ".join(sample.labels.values()), sample.value)
        for metric in REGISTRY.collect()
        for sample in metric.samples
        if sample.name.startswith(PREFIX) and not sample.name.endswith(OMITTED)
    ]


def total(gauge: Gauge) -> int:
    return int(sum(sample.value for metric in gauge.collect() for sample in metric.samples))


def _canvases() -> list[CanvasFigures]:
    return [
        CanvasFigures(canvas.slug, canvas.seq, _per_second(canvas), canvas.frozen)
        for canvas in Canvas.objects.order_by("slug")
    ]


def _per_second(canvas: Canvas) -> float:
    newest = Placement.objects.filter(canvas=canvas, seq__gt=canvas.seq - LOOKED_AT)
    since = Now() - timedelta(seconds=PERIOD)
    return newest.filter(placed_at__gt=since).count() / PERIOD
