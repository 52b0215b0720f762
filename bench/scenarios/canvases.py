"""Placing on many canvases at once: batches of one, so that commits are what costs."""

import time
from collections.abc import Mapping
from statistics import median

import orjson
import psycopg

from bench import gateways, people, usage
from bench.fan_out import follow_for
from bench.load.crowd import Crowd
from bench.load.latency import Latencies
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


class Painting:
    """People who draw in turn at a steady rate, each on one canvas; each ack is timed."""

    def __init__(self, crowd: Crowd) -> None:
        self.latencies = Latencies()
        self._crowd = crowd
        self._painters = crowd.descriptors
        self._sent: dict[str, float] = {}
        self._acked = 0
        self._timing = False
        crowd.on_event = self._take

    def run(self) -> None:
        started = time.monotonic()
        end = started + WARM_UP + WINDOW
        self._crowd.follow(None, lambda: self._drawn_until(started, end))
        deadline = time.monotonic() + DRAIN_TIMEOUT
        self._crowd.follow(
            None, lambda: self._acked >= len(self._sent) or time.monotonic() > deadline
        )
        if self._acked != len(self._sent):
            raise Faulty(f"{len(self._sent)} pixels placed, {self._acked} acknowledged")

    def _drawn_until(self, started: float, end: float) -> bool:
        now = time.monotonic()
        self._timing = now > started + WARM_UP
        for number in range(len(self._sent), int((min(now, end) - started) * RATE)):
            self._draw(number, now)
        return now >= end

    def _draw(self, number: int, now: float) -> None:
        client_id = f"op-{number}"
        self._sent[client_id] = now
        y, x = divmod(number * 7919 % 1_000_000, 1000)  # each cell of a canvas once
        event = {"type": "pixel_update", "id": client_id, "x": x, "y": y, "color": "#FF0000"}
        self._crowd.send(self._painters[number % len(self._painters)], orjson.dumps(event))

    def _take(self, descriptor: int, payload: bytes) -> None:
        if payload.startswith(b'{"type":"ack"'):
            self._acked += 1
            if self._timing:
                sent = self._sent[orjson.loads(payload)["id"]]
                self.latencies.add((time.monotonic() - sent) * 1000)
        elif payload.startswith(b'{"type":"error"'):
            raise Faulty(f"a placement was refused: {payload.decode()}")


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
        painting, before = Painting(crowd), usage.cpu_seconds(pod.pid)
        painting.run()
        cpu = (usage.cpu_seconds(pod.pid) - before) / (WARM_UP + WINDOW)
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
