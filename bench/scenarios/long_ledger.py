"""Requests and pages of the product on a long ledger, each by itself."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
import psycopg

from bench.ledger import fill
from bench.load.latency import Latencies
from bench.progress import log
from bench.requests import ARTIST, GUESTS, SIDE, VANDAL, Asked, everything
from bench.rig import Rig
from bench.section import Claim, Section
from tests.support.processes import ServerProcess, manage

TRIES = 30  # of each request
P95_MS = 300.0  # the target

# A twentieth by one guest, a fortieth by one account, the rest by all others; a year of them.
SEED = f"""
INSERT INTO canvas_placement (canvas_id, seq, x, y, color, actor, username, placed_at)
SELECT c.id, n, (random() * {SIDE - 1})::int, (random() * {SIDE - 1})::int,
    (random() * 31)::int,
    CASE WHEN n %% 20 = 0 THEN '{VANDAL}' WHEN n %% 40 = 1 THEN '{ARTIST}'
        ELSE 'guest:' || lpad(to_hex(n * 7919 %% {GUESTS}), 16, '0') END,
    'Guest-' || n * 7919 %% {GUESTS},
    now() - (%(count)s - n) * interval '1 year' / %(count)s
FROM canvas_canvas c, generate_series(%(first)s::bigint, %(last)s) n WHERE c.slug = 'main'
"""
PEOPLE = """
from django.contrib.auth.models import User
from django.test import Client
for user in User.objects.create_user("artist"), User.objects.create_superuser("moderator"):
    client = Client()
    client.force_login(user)
    print("session", client.cookies["sessionid"].value)
"""


@dataclass
class Measured:
    """The answers of one request: their times, and how many had another status than 2xx or 3xx."""

    name: str
    times: Latencies = field(default_factory=Latencies)
    bad: int = 0


def run(rig: Rig, rounds: int) -> Section:
    environment = rig.environment()
    fill(environment["DATABASE_URL"], SEED, rig.placements, "long ledger")
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as database:
        database.execute("VACUUM ANALYZE canvas_placement")
    began = time.monotonic()
    manage("seal", environment=environment)
    log(f"long ledger: sealed in {time.monotonic() - began:.0f} s")
    artist, moderator = sessions(environment)
    with ServerProcess(environment=environment) as pod:
        clients = {
            name: httpx.Client(base_url=pod.base_url, cookies=cookies, timeout=60)
            for name, cookies in {
                "guest": {},
                "account": {"sessionid": artist},
                "moderator": {"sessionid": moderator},
            }.items()
        }
        found = [measure(asked) for asked in everything(clients, rig.placements)]
    found.sort(key=lambda each: -each.times.percentile(95))
    slow = [each for each in found if each.times.percentile(95) > P95_MS]
    worst = found[0]
    return Section(
        "Requests on a long ledger",
        f"{rig.placements:,} placements of {GUESTS:,} people on {SIDE} x {SIDE} cells, cells and"
        f" colours at random; a twentieth of them by one guest. Then {TRIES} of each request, one"
        " after the other, over HTTP.",
        ("request", "p50, ms", "p95, ms", "refused"),
        [
            (
                each.name,
                f"{each.times.percentile(50):.0f}",
                f"{each.times.percentile(95):.0f}",
                str(each.bad),
            )
            for each in found
        ],
        claims=[
            Claim(
                f"each of {len(found)} requests and pages, p95",
                f"<= {P95_MS:g} ms",
                f"{worst.times.percentile(95):.0f} ms ({worst.name})",
                not slow,
            )
        ],
    )


def sessions(environment: Mapping[str, str]) -> list[str]:
    """Make an account and a moderator; return the keys of their sessions."""
    printed = manage("shell", "-c", PEOPLE, environment=environment)
    lines = [line.split() for line in printed.splitlines()]
    return [words[1] for words in lines if words[:1] == ["session"]]


def measure(asked: Asked) -> Measured:
    measured = Measured(asked.name)
    for _ in range(TRIES):
        began = time.monotonic()
        answer = asked.send()
        measured.times.add((time.monotonic() - began) * 1000)
        measured.bad += answer.status_code >= 400
    p50, p95 = measured.times.percentile(50), measured.times.percentile(95)
    status = f"{measured.bad} refused: {answer.status_code}" if measured.bad else ""
    log(f"long ledger: {asked.name}: p50 {p50:.0f}, p95 {p95:.0f} ms {status}")
    return measured
