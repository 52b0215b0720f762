"""The cost as sockets, pixels, pods and the board grow, one at a time."""

import gzip
import http.client
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from hashlib import sha256

import psycopg

from bench import gateways, usage
from bench.fan_out import FanOut, check_all, follow_for, measure
from bench.gateways import start_all
from bench.load.crowd import Crowd
from bench.progress import log
from bench.rig import Rig
from bench.section import Chart, Section

SOCKETS = 500, 1000, 2500, 5000, 10_000
RATES = 10, 50, 200, 1000, 5000
PODS = 1, 2, 5, 10
SIDES = 500, 1000, 2000, 4000
AT_RATE = 100.0  # px/s, for the curve over sockets
AT_SOCKETS = 500  # for the curve over px/s
SOCKETS_A_POD = 100
POD_RATE = 200.0
WINDOW = 3.0  # seconds
BEND = 1.5  # ratio of a step's cost for a unit of work to that of the step before


@dataclass(frozen=True)
class BoardCost:
    """The cost of a board of one size."""

    pixels: int
    start: float  # seconds until the pod has the board
    first: float  # ms of the first copy, which is compressed
    again: float  # ms of the next ones
    kilobytes: float  # of a copy
    memory: float  # MB of the pod


def run(rig: Rig, rounds: int) -> Section:
    sockets = [shown(measure(rig, gateways.pod, n, AT_RATE, WINDOW)) for n in SOCKETS]
    rates = [shown(measure(rig, gateways.pod, AT_SOCKETS, n, WINDOW)) for n in RATES]
    pods = [pods_cost(rig, count) for count in PODS]
    boards = [board_cost(rig, side) for side in SIDES]
    over_sockets = [(result.sockets, result.core) for result in sockets]
    over_rates = [(result.rate, result.core) for result in rates]
    charts = [
        Chart(
            "sockets",
            f"One pod, {AT_RATE:g} px/s",
            "sockets",
            "",
            {
                "share of a core": over_sockets,
                "p99, s": [(result.sockets, result.p99 / 1000) for result in sockets],
            },
        ),
        Chart(
            "rate",
            f"One pod, {AT_SOCKETS} sockets",
            "px/s",
            "",
            {
                "share of a core": over_rates,
                "CPU us an update": [(result.rate, result.cpu_us) for result in rates],
            },
        ),
        Chart(
            "pods",
            f"{SOCKETS_A_POD} sockets a pod, {POD_RATE:g} px/s",
            "pods",
            "share of a core",
            {"a pod": [(n, pod) for n, pod, _ in pods], "Redis": [(n, r) for n, _, r in pods]},
        ),
        Chart(
            "board",
            "The board over HTTP",
            "pixels",
            "",
            {
                "first copy, ms": [(cost.pixels, cost.first) for cost in boards],
                "further copies, ms": [(cost.pixels, cost.again) for cost in boards],
                "memory of the pod, MB": [(cost.pixels, cost.memory) for cost in boards],
            },
        ),
    ]
    return Section(
        "As work grows",
        "Each curve is one pod (or so many), the rest held still.",
        ("board", "pod ready s", "first copy ms", "further ms", "copy KB", "pod MB"),
        [
            (
                f"{cost.pixels:,}",
                f"{cost.start:.1f}",
                f"{cost.first:.0f}",
                f"{cost.again:.1f}",
                f"{cost.kilobytes:,.0f}",
                f"{cost.memory:.0f}",
            )
            for cost in boards
        ],
        charts=charts,
        notes=[
            *bends("sockets", over_sockets, WHY_SOCKETS),
            *bends("px/s", over_rates, WHY_RATES),
            WHY_PODS,
            WHY_BOARD,
        ],
    )


WHY_SOCKETS = (
    "Each socket costs a write a tick. Beyond what the processor's caches hold of the kernel's"
    " sockets a write costs more; and as a fan-out takes longer the tick grows with it: fewer and"
    " larger frames make up for some of it."
)
WHY_RATES = (
    "A tick with one pixel costs about what a tick with fifty costs: up to one pixel a tick the"
    " cost follows the rate, beyond it hardly at all, until reading the messages themselves counts."
)
WHY_PODS = (
    "**Pods:** each reads every message once and pays only for its own sockets, so the cost of a"
    " pod stays, as long as there are cores for all of them; that of Redis grows by one delivery a"
    " pod and message."
)
WHY_BOARD = (
    "**Board:** a copy is compressed once for everyone who asks, and kept for twenty times as long"
    " as that took; both grow with the area."
)


def bends(what: str, points: Sequence[tuple[float, float]], why: str) -> Iterator[str]:
    """Yield a sentence that names the steps where the cost of a unit of work changes by BEND."""
    steps = zip(points, points[1:], strict=False)
    found = [
        f"{after[0]:,g} ({(after[1] / after[0]) / (before[1] / before[0]):.1f} x a unit)"
        for before, after in steps
        if not 1 / BEND < (after[1] / after[0]) / (before[1] / before[0]) < BEND
    ]
    where = f"bends at {', '.join(found)}" if found else "is nearly straight"
    yield f"**{what}:** the line of the core {where}. {why}"


def shown(result: FanOut) -> FanOut:
    log(
        f"growth: {result.sockets:,} sockets x {result.rate:g} px/s: {result.core:.2f} core,"
        f" p99 {result.p99:.0f} ms"
    )
    return result


def pods_cost(rig: Rig, count: int) -> tuple[int, float, float]:
    """Return the count, and the shares of a core of one pod (their mean) and of Redis."""
    with rig.trial(gateways.pod) as trial, ExitStack() as running:
        others = start_all(running, gateways.pod, count - 1, trial.environment)
        pods = [trial.gateway, *others]
        crowd = running.enter_context(trial.crowd())
        for pod in pods:
            crowd.aim(pod.address)
            crowd.join(SOCKETS_A_POD)
        follow_for(crowd, trial.truth, 1.0)
        trial.feed.start(POD_RATE, WINDOW + 2.0)
        follow_for(crowd, trial.truth, 1.5)
        redis = rig.redis.pid
        assert redis
        before = [usage.cpu_seconds(pid) for pid in (redis, *(pod.pid for pod in pods))]
        follow_for(crowd, trial.truth, WINDOW)
        after = [usage.cpu_seconds(pid) for pid in (redis, *(pod.pid for pod in pods))]
        check_all(crowd, trial.truth, trial.feed.wait())
    shares = [(now - then) / WINDOW for now, then in zip(after, before, strict=True)]
    mean = sum(shares[1:]) / count
    log(f"growth: {count} pods, {mean:.3f} core each, Redis {shares[0]:.3f}")
    return count, mean, max(shares[0], 0.001)


def board_cost(rig: Rig, side: int) -> BoardCost:
    environment = rig.environment()
    resize(environment["DATABASE_URL"], side)
    with gateways.pod(environment) as pod:
        started = time.monotonic()
        with Crowd(pod.address, pod.path, pod.wire) as crowd:
            crowd.join(1)
        start = time.monotonic() - started
        first, size = fetch(pod.port, side)
        again = [fetch(pod.port, side)[0] for _ in range(5)]
        cost = BoardCost(
            side * side,
            start,
            first,
            sorted(again)[2],
            size / 1024,
            usage.memory_bytes(pod.pid) / 2**20,
        )
    log(f"growth: {cost}")
    return cost


def resize(database_url: str, side: int) -> None:
    """Make the board that large and half of it random, as the tip of seq 0."""
    cells = random.randbytes(side * side // 2).translate(bytes(n % 32 for n in range(256)))
    cells += bytes(side * side - len(cells))
    board = gzip.compress(cells, compresslevel=1)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE canvas_canvas SET width = %s, height = %s", [side, side])
        connection.execute(
            "INSERT INTO canvas_tip"
            " (canvas_id, seq, revision, width, height, sha256, size, cells, stored_at)"
            " SELECT id, 0, revision, width, height, %s, %s, %s, now() FROM canvas_canvas",
            [sha256(cells).hexdigest(), len(board), board],
        )


def fetch(port: int, side: int) -> tuple[float, int]:
    """Fetch the board; return the ms that it takes and its size in bytes."""
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        started = time.monotonic()
        connection.request("GET", "/api/canvas/board", headers={"Accept-Encoding": "gzip"})
        body = connection.getresponse().read()
        took = (time.monotonic() - started) * 1000
    if len(gzip.decompress(body)) != side * side:
        raise RuntimeError("not the board that was asked for")
    return took, len(body)
