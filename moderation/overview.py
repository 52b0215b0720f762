"""The overview: all pods by their metrics and leases, the canvases, and the work that waits."""

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

RATE_WINDOW = 60  # seconds
MAX_ROWS = 200_000  # newest placements that a rate looks at: no index is by time alone
PREFIX = "pixelsite_"
OMITTED = ("_bucket", "_created")  # of histograms, which a table cannot show


class PodRow(NamedTuple):
    """A pod with the number of connections in its lease; `stats` is None where it is unknown."""

    pod_id: str
    lease: int
    stats: PodStats | None

    @property
    def drift(self) -> int:
        """Return the connections of its lease, minus the sockets that it has."""
        return self.lease - self.stats.sockets if self.stats else 0


class CanvasRow(NamedTuple):
    slug: str
    seq: int
    per_second: float  # pixels, over the last RATE_WINDOW
    frozen: bool


class Overview(NamedTuple):
    """The state of the site. Only `samples` are of this pod alone, since it started."""

    pod_id: str
    canvases: Sequence[CanvasRow]
    people: int
    pods: Sequence[PodRow]
    redis_ready: bool
    presence_whole: bool
    samples: Sequence[tuple[str, str, float]]  # name, labels, value
    reports_waiting: int
    operations_running: int


def read() -> Overview:
    """Read the state now; in a process that is no pod, without pods and people."""
    pod = current_pod.get()
    return Overview(
        pod_id="" if pod is None else pod.pod_id,
        canvases=_canvases(),
        people=0 if pod is None else pod.wait(_count_people(pod)),
        pods=[] if pod is None else _pods(pod),
        redis_ready=pod is not None and pod.broker.ready,
        presence_whole=pod is not None and pod.presence.is_complete,
        samples=samples(),
        reports_waiting=Report.objects.exclude(state=Report.State.RESOLVED).count(),
        operations_running=Operation.objects.filter(state=Operation.State.RUNNING).count(),
    )


async def _count_people(pod: Pod) -> int:
    """Count on the pod's event loop, where people come and go."""
    return pod.presence.everyone().count


def samples() -> list[tuple[str, str, float]]:
    """List name, labels and value of each metric of `docs/metrics.md`."""
    return [
        (sample.name, ", ".join(sample.labels.values()), sample.value)
        for metric in REGISTRY.collect()
        for sample in metric.samples
        if sample.name.startswith(PREFIX) and not sample.name.endswith(OMITTED)
    ]


def _pods(pod: Pod) -> list[PodRow]:
    """List the pods that hold a lease; the others with the statistics that they wrote last."""
    leases = pod.presence.leases()
    stats = _stats_of(pod, leases.keys() - {pod.pod_id})
    stats[pod.pod_id] = pod_stats.own()
    return [
        PodRow(pod_id, lease.count, stats.get(pod_id)) for pod_id, lease in sorted(leases.items())
    ]


def _stats_of(pod: Pod, others: Iterable[str]) -> dict[str, PodStats]:
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
    newest = Placement.objects.filter(canvas=canvas, seq__gt=canvas.seq - MAX_ROWS)
    since = Now() - timedelta(seconds=RATE_WINDOW)
    return newest.filter(placed_at__gt=since).count() / RATE_WINDOW
