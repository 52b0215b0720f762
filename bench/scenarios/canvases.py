"""Placing on many canvases at once: batches of one, so that commits are what costs."""

from collections.abc import Mapping
from statistics import median

import psycopg

from bench import gateways, people, usage
from bench.fan_out import follow_for
from bench.load.crowd import Crowd
from bench.load.painting import Painting
from bench.load.reader import Faulty
from bench.progress import log
from bench.rig import Rig
from bench.section import Claim, Section

PEOPLE = 100
CANVASES = 1, 10, 100
RATE = 600  # placements offered a second, over all canvases
SETTLE = 2.0  # seconds after the joins
WARM_UP = 2.0  # seconds
WINDOW = 6.0  # seconds
MOST = 60  # ms, the target of the median ack
DRAIN_TIMEOUT = 30.0  # seconds in which every placement must be acknowledged


def run(rig: Rig, rounds: int) -> Section:
    rows, reached = [], 0.0
    for canvases in CANVASES:
        measured = [paint(rig, canvases) for _ in range(rounds)]
        p50, p99, cpu = (median(column) for column in zip(*measured, strict=True))
        each = f"{RATE / canvases:g}"
        rows.append((f"{canvases}", each, f"{p50:.0f}", f"{p99:.0f}", f"{cpu:.2f}"))
        reached = p50
    return Section(
        "Many canvases",
        f"One pod, {RATE} placements a second offered by {PEOPLE} people with accounts, spread over"
        " one canvas and over many; each sees what is drawn on the own canvas. What is placed on"
        " several canvases at the same moment shares a transaction. PostgreSQL with fsync.",
        ("canvases", "px/s each", "ack p50, ms", "p99, ms", "cores of the pod"),
        rows,
        [
            Claim(
                f"{CANVASES[-1]} canvases x {RATE / CANVASES[-1]:g} px/s, ack p50",
                f"< {MOST} ms",
                f"{reached:.0f} ms",
                reached < MOST,
            )
        ],
    )


def paint(rig: Rig, canvases: int) -> tuple[float, float, float]:
    """Return the p50 and p99 of the acks in ms, and the cores that the pod used."""
    environment = rig.environment()
    slugs = create(environment, canvases)
    cookies = people.logged_in(PEOPLE, environment)
    with (
        gateways.pod(environment) as pod,
        Crowd(pod.address, pod.path, pod.wire) as crowd,
    ):
        for number, cookie in enumerate(cookies):
            crowd.aim(pod.address, f"/ws/{slugs[number % canvases]}/?since=0")
            crowd.join(1, headers=lambda _, cookie=cookie: cookie)  # type: ignore[misc]
        follow_for(crowd, None, SETTLE)
        painting = Painting(crowd, RATE)
        painting.draw_for(WARM_UP)
        before = usage.cpu_seconds(pod.pid)
        painting.measure(WINDOW)
        cpu = (usage.cpu_seconds(pod.pid) - before) / WINDOW
        painting.settle(DRAIN_TIMEOUT)
        if painting.refused:
            raise Faulty(f"{painting.refused} placements were refused")
    p50, p99 = painting.latencies.percentile(50), painting.latencies.percentile(99)
    log(f"canvases: {canvases}, ack p50 {p50:.0f} ms, p99 {p99:.0f} ms, {cpu:.2f} core")
    return p50, p99, cpu


def create(environment: Mapping[str, str], count: int) -> list[str]:
    """Make canvases with the rules of `main`; return their slugs."""
    slugs = [f"bench-{number}" for number in range(count)]
    with psycopg.connect(environment["DATABASE_URL"]) as database:
        query = "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
        columns = [name for (name,) in database.execute(query, ["canvas_canvas"])]
        copied = ", ".join(name for name in columns if name not in ("id", "slug"))
        database.cursor().executemany(
            f"INSERT INTO canvas_canvas (slug, {copied})"
            f" SELECT %s, {copied} FROM canvas_canvas WHERE slug = 'main'",
            [[slug] for slug in slugs],
        )
    return slugs
