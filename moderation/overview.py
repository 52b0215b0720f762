"""The overview: what the metrics of all pods count, and what database and Redis tell of them."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db.models.functions import Now
from prometheus_client import REGISTRY

from canvas.models import Canvas, Placement
from canvas.pod.pod import Pod, current_pod
from moderation import pod_stats
from moderation.models import Operation, Report
from moderation.pod_stats import PodStats

PERIOD = 60  # seconds that a rate is taken over
LOOKED_AT = 200_000  # newest placements: the ledger has no index by time alone


class PodRow(NamedTuple):
    """`lease` is how many connections a pod claims; `stats` is None where it did not tell."""

    pod_id: str
    lease: int
    stats: PodStats | None

    @property
    def drift(self) -> int:
        """People in its lease, minus the sockets that it has."""
        return self.lease - self.stats.sockets if self.stats else 0


class CanvasRow(NamedTuple):
    slug: str
    seq: int
    per_second: float
    frozen: bool


class Overview(NamedTuple):
    """Of this pod alone, since it started: `samples`. Of all: the rest."""

    pod_id: str
    canvases: Sequence[CanvasRow]
    people: int
    pods: Sequence[PodRow]
    redis_ready: bool
    presence_whole: bool
    samples: Sequence[tuple[str, str, float]]
    reports_waiting: int
    operations_running: int


PREFIX = "pixelsite_"
OMITTED = ("_bucket", "_created")  # of histograms, which a table cannot show


def read() -> Overview:
    """In a process that serves nobody, there are no pods and no people to tell of."""
    pod = current_pod.get()
    return Overview(
        pod_id="" if pod is None else pod.pod_id,
        canvases=_canvases(),
        people=0 if pod is None else pod.presence.everyone().count,
        pods=[] if pod is None else _pods(pod),
        redis_ready=pod is not None and pod.broker.ready,
        presence_whole=pod is not None and pod.presence.is_complete,
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


def _pods(pod: Pod) -> list[PodRow]:
    """Those that hold a lease: this one as it is now, the others as they told last."""
    leases = pod.presence.leases()
    told = _told(pod, leases.keys() - {pod.pod_id})
    told[pod.pod_id] = pod_stats.own()
    return [
        PodRow(pod_id, lease.count, told.get(pod_id)) for pod_id, lease in sorted(leases.items())
    ]


def _told(pod: Pod, others: Iterable[str]) -> dict[str, PodStats]:
    shared = pod_stats.shared_stats.get()
    if shared is None:
        return {}
    try:
        return pod.wait(shared.read(others))
    except OSError:  # Redis is away, which the page says
        return {}


def _canvases() -> list[CanvasRow]:
    return [
        CanvasRow(canvas.slug, canvas.seq, _per_second(canvas), canvas.frozen)
        for canvas in Canvas.objects.order_by("slug")
    ]


def _per_second(canvas: Canvas) -> float:
    newest = Placement.objects.filter(canvas=canvas, seq__gt=canvas.seq - LOOKED_AT)
    since = Now() - timedelta(seconds=PERIOD)
    return newest.filter(placed_at__gt=since).count() / PERIOD
