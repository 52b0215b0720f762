"""The past over HTTP: pictures of any moment, and the bytes of the segments that tell it."""

import http.client
import random
import time
from contextlib import closing

import psycopg

from bench import gateways, usage
from bench.ledger import fill
from bench.load.latency import Latencies
from bench.progress import log
from bench.rig import Rig
from bench.section import Claim, Section
from tests.support.processes import manage

PLACEMENTS = 2_000_000
HOUR = 3600 * 300  # placements of an hour at 300 px/s
PICTURES = 60
PEOPLE = 50_000
SEED = f"""
INSERT INTO canvas_placement (canvas_id, seq, x, y, color, actor, username, placed_at)
SELECT c.id, n, (random() * 999)::int, (random() * 999)::int, (random() * 31)::int,
    'guest:' || n %% {PEOPLE}, 'Guest-' || n %% {PEOPLE},
    now() - (%(count)s - n) * interval '3333 microseconds'
FROM canvas_canvas c, generate_series(%(first)s::bigint, %(last)s) n WHERE c.slug = 'main'
"""
PICTURE_MS, HOUR_MB, START = 300, 5.5, 2.0  # the targets: ms, MB, seconds


def run(rig: Rig, rounds: int) -> Section:
    environment = rig.environment()
    fill(environment["DATABASE_URL"], SEED, PLACEMENTS, "past")
    began = time.monotonic()
    manage("seal", environment=environment)
    sealing = time.monotonic() - began
    log(f"past: sealed in {sealing:.0f} s")
    segments, size = segments_of(environment["DATABASE_URL"])
    began = time.monotonic()
    with gateways.pod(environment) as pod:
        start = time.monotonic() - began
        cpu = usage.cpu_seconds(pod.pid)
        pictures = pictures_of(pod.port)
        cpu = (usage.cpu_seconds(pod.pid) - cpu) / PICTURES
    p50, p95 = pictures.percentile(50), pictures.percentile(95)
    hour = size * HOUR / PLACEMENTS / 1e6
    log(f"past: pictures p50 {p50:.0f} ms, p95 {p95:.0f} ms; {hour:.1f} MB an hour")
    return Section(
        "The past",
        f"{PLACEMENTS:,} placements of {PEOPLE:,} people on 1000 x 1000 cells, colours and cells at"
        f" random, sealed into {segments} segments; then {PICTURES} pictures of the whole board at"
        " random seqs, one after the other, over HTTP. Random drawings pack worse than real ones.",
        ("what", ""),
        [
            ("sealing, rows/s", f"{PLACEMENTS / sealing:,.0f}"),
            ("bytes of a placement in segments", f"{size / PLACEMENTS:.2f}"),
            ("a pod's start, s", f"{start:.1f}"),
            ("a picture, p50, ms", f"{p50:.0f}"),
            ("a picture, CPU of the pod, ms", f"{cpu * 1000:.0f}"),
        ],
        claims=[
            Claim(
                "a picture of 1000 x 1000 cells at any seq, p95",
                f"<= {PICTURE_MS} ms",
                f"{p95:.0f} ms",
                p95 <= PICTURE_MS,
            ),
            Claim(
                "segments of an hour at 300 px/s",
                f"<= {HOUR_MB} MB",
                f"{hour:.1f}",
                hour <= HOUR_MB,
            ),
            Claim("a pod's start", f"<= {START:g} s", f"{start:.1f} s", start <= START),
        ],
    )


def segments_of(database_url: str) -> tuple[int, int]:
    """Return how many segments there are, and their bytes together."""
    with psycopg.connect(database_url) as database:
        row = database.execute("SELECT count(*), sum(size) FROM canvas_segment").fetchone()
    assert row
    return int(row[0]), int(row[1])


def pictures_of(port: int) -> Latencies:
    """Ask for pictures at random seqs; return how long each took."""
    taken, chance = Latencies(), random.Random(2)
    for _ in range(PICTURES):
        seq = chance.randrange(1, PLACEMENTS)
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
            began = time.monotonic()
            connection.request("GET", f"/api/canvas/board.png?seq={seq}")
            answer = connection.getresponse()
            answer.read()
            taken.add((time.monotonic() - began) * 1000)
        if answer.status != 200:
            raise RuntimeError(f"the picture at {seq} was answered by {answer.status}")
    return taken
