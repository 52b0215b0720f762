"""Looking back in the page: any moment of a long past, by link and along the bar of time."""

import statistics
from datetime import timedelta

import psycopg

from bench import ledger, page_frames, past_views
from bench.page_frames import SIDE
from bench.past_views import COLD, WARM, Looks, Past
from bench.progress import log
from bench.rig import Rig
from bench.section import Claim, Section
from tests.support.processes import ServerProcess, manage

APART = timedelta(microseconds=3333)  # 300 px/s
# Most of it in parts that many draw in, as on real canvases; a twentieth anywhere.
SEED = f"""
INSERT INTO canvas_placement (canvas_id, seq, x, y, color, actor, username, placed_at)
SELECT c.id, n,
    CASE WHEN n %% 20 = 0 THEN (random() * {SIDE - 1})::int
        ELSE (n / 40000 * 613 %% {SIDE - 200} + (random() * 199)::int)::int END,
    CASE WHEN n %% 20 = 0 THEN (random() * {SIDE - 1})::int
        ELSE (n / 40000 * 317 %% {SIDE - 200} + (random() * 199)::int)::int END,
    (random() * 31)::int, 'guest:' || n %% 5000, 'Guest-' || n %% 5000,
    now() - (%(count)s - n) * interval '3333 microseconds'
FROM canvas_canvas c, generate_series(%(first)s::bigint, %(last)s) n WHERE c.slug = 'main'
"""
COLD_MS, WARM_MS, LATE = 300.0, 50.0, 0.01  # the targets
IDLE = 0.02  # of a core: beyond a pod at rest the clock of the kernel tells no less


def run(rig: Rig, rounds: int) -> Section:
    past, environment = fill(rig)
    looks: list[Looks] = []
    with (
        ServerProcess(environment=environment) as pod,
        page_frames.chromium() as browser,
    ):
        assert pod.pid is not None
        for number in range(1, rounds + 1):
            looks.append(past_views.look(browser, pod.base_url, past, pod.pid))
            log(f"looking back, round {number} of {rounds}: {told(looks[-1])}")
    return Section(
        "Looking back",
        f"{past.placements:,} placements on {SIDE:,} x {SIDE:,} cells at 300 px/s, sealed;"
        f" Chromium without a GPU beside the pod and PostgreSQL, the whole board in sight. *Cold*:"
        f" {COLD} moments at random, each in a browser that has nothing, from the link to the"
        f" frame that shows all of it. *Warm*: {WARM} moments for the second time, in a browser"
        " with a cache on disk; its requests are those that the pod answered again. *Late* is the"
        " share of the screen's refreshes that found no new frame while the thumb is dragged.",
        ("round", "cold, ms, p50 / p95", "warm, ms, p50 / p95", "late", "requests, second look"),
        [
            (str(n), pair(each.cold), pair(each.warm), f"{each.late:.1%}", str(each.requests))
            for n, each in enumerate(looks, 1)
        ],
        claims=claims(looks),
    )


def fill(rig: Rig) -> tuple[Past, dict[str, str]]:
    """Make a canvas with a past."""
    environment = rig.environment()
    manage("shell", "-c", page_frames.CONFIGURE, environment=environment)
    ledger.fill(environment["DATABASE_URL"], SEED, rig.placements, "looking back")
    with psycopg.connect(environment["DATABASE_URL"]) as database:
        query = "SELECT placed_at FROM canvas_placement WHERE seq = 1"
        row = database.execute(query).fetchone()
    assert row
    manage("seal", environment=environment)
    log("looking back: sealed")
    return Past(row[0], APART, rig.placements), environment


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def pair(values: list[float]) -> str:
    return f"{statistics.median(values):.0f} / {p95(values):.0f}"


def told(looks: Looks) -> str:
    cpu = f"CPU {looks.cpu:.1%} (at rest {looks.rest:.1%})"
    late = f"{looks.late:.1%} late, {looks.requests} requests"
    return f"cold {pair(looks.cold)}, warm {pair(looks.warm)} ms, {late}, {cpu}"


def claims(looks: list[Looks]) -> list[Claim]:
    """Return the claims, for the medians of the rounds."""
    cold = statistics.median(p95(each.cold) for each in looks)
    warm = statistics.median(p95(each.warm) for each in looks)
    late = statistics.median(each.late for each in looks)
    more = statistics.median(each.cpu - each.rest for each in looks)
    requests = max(each.requests for each in looks)
    return [
        Claim("any moment, cold, p95", f"<= {COLD_MS:g} ms", f"{cold:.0f} ms", cold <= COLD_MS),
        Claim("any moment, warm, p95", f"<= {WARM_MS:g} ms", f"{warm:.0f} ms", warm <= WARM_MS),
        Claim("scrubbing: frames late", f"<= {LATE:.0%}", f"{late:.1%}", late <= LATE),
        Claim(
            "a second look: requests of the API, and the pod's CPU beside a rest",
            f"0, <= {IDLE:.0%} of a core",
            f"{requests}, {more:.1%}",
            requests == 0 and more <= IDLE,
        ),
    ]
