"""Requests and pages of the product on a long ledger, each by itself."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import psycopg

from bench.load.latency import Latencies
from bench.progress import log
from bench.rig import Rig
from bench.section import Claim, Section
from tests.support.processes import ServerProcess, manage

SIDE = 1000  # cells
AT_ONCE = 1_000_000  # placements of one statement
GUESTS = 150_000
TRIES = 30  # of each request
P95_MS = 300.0  # the target
VANDAL, ARTIST = "guest:00000000deadbeef", "user:1"

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
AREA = {"x": 100, "y": 100, "width": 200, "height": 200, "reason": "a bench"}
LISTS = (
    "auth/user",
    "accounts/ban",
    "blueprints/blueprint",
    "canvas/canvas",
    "canvas/placement",
    "moderation/operation",
    "moderation/report",
)


@dataclass
class Measured:
    """The answers of one request: their times, and how many had another status than 2xx or 3xx."""

    name: str
    times: Latencies = field(default_factory=Latencies)
    bad: int = 0


@dataclass(frozen=True)
class Asked:
    """A request whose address is made anew for each try; `data` makes it a form that is sent."""

    name: str
    path: Callable[[], str]
    client: httpx.Client
    data: Mapping[str, Any] | None = None
    order: Callable[[], dict[str, Any]] | None = None

    def send(self) -> httpx.Response:
        if self.order:
            return self.client.put(self.path(), json=self.order())
        if self.data is None:
            return self.client.get(self.path())
        token = self.client.cookies.get("csrftoken", "")
        return self.client.post(self.path(), data={**self.data, "csrfmiddlewaretoken": token})


def run(rig: Rig, rounds: int) -> Section:
    environment = rig.environment()
    fill(environment["DATABASE_URL"], rig.placements)
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


def fill(database_url: str, count: int) -> None:
    """Make a ledger of so many placements."""
    with psycopg.connect(database_url, autocommit=True) as database:
        for first in range(1, count + 1, AT_ONCE):
            last = min(first + AT_ONCE - 1, count)
            database.execute(SEED.encode(), {"count": count, "first": first, "last": last})
            log(f"long ledger: {last:,} of {count:,} placements")
        database.execute("UPDATE canvas_canvas SET seq = %s, clock = now()", [count])
        database.execute("VACUUM ANALYZE canvas_placement")


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


def everything(clients: Mapping[str, httpx.Client], count: int) -> Iterator[Asked]:
    """Yield the requests of people, then those of an account, then those of a moderator."""
    yield from of_people(clients["guest"], count)
    yield from of_accounts(clients["account"])
    yield from of_moderators(clients["moderator"], count)


def fixed(path: str) -> Callable[[], str]:
    """Return a way to an address that is the same at each try."""
    return lambda: path


def of_people(client: httpx.Client, count: int) -> Iterator[Asked]:
    def seq() -> int:
        return random.randint(1, count)

    def cell() -> str:
        return f"x={random.randrange(SIDE)}&y={random.randrange(SIDE)}"

    def moment() -> str:
        ago = random.random() * 365 * 86400
        return datetime.fromtimestamp(time.time() - ago, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def pixel() -> dict[str, Any]:
        x, y = random.randrange(SIDE), random.randrange(SIDE)
        return {"x": x, "y": y, "color": random.choice(palette), "id": str(random.random())}

    palette = client.get("/api/canvas").json()["palette"]
    segments = [each["sha256"] for each in client.get("/api/canvas/history").json()["segments"]]
    reads: dict[str, Callable[[], str]] = {
        "the page": fixed("/"),
        "the canvases": fixed("/canvases/"),
        "rules": fixed("/api/canvas"),
        "a cell": lambda: f"/api/pixel?{cell()}",
        "a cell of then": lambda: f"/api/pixel?{cell()}&seq={seq()}",
        "the board": fixed("/api/canvas/board"),
        "a part of the board": fixed("/api/canvas/board?x=100&y=100&width=100&height=100"),
        "changes": lambda: f"/api/canvas/changes?since={count - random.randrange(1000)}",
        "a picture": fixed("/api/canvas/board.png"),
        "a picture at a seq": lambda: f"/api/canvas/board.png?seq={seq()}",
        "a picture at a moment": lambda: f"/api/canvas/board.png?at={moment()}",
        "a card of then": lambda: f"/api/canvas/card.png?x=500&y=500&zoom=8&at={moment()}",
        "a thumbnail": fixed("/api/canvas/thumbnail.png"),
        "segments": fixed("/api/canvas/history"),
        "a segment": lambda: f"/api/canvas/history/{random.choice(segments)}",
        "what is not sealed": fixed("/api/canvas/history/open"),
        "blueprints": fixed("/api/blueprints"),
    }
    for name, path in reads.items():
        yield Asked(name, path, client)
    yield Asked("a placement", fixed("/api/pixel"), client, order=pixel)


def of_accounts(client: httpx.Client) -> Iterator[Asked]:
    for path in (
        "/accounts/",
        "/accounts/tokens/",
        "/accounts/delete/",
        "/api/canvas/mine",
        "/api/blueprints",
        "/api/history/key?export=abcdefghijklmnop",
    ):
        yield Asked(f"account: {path.partition('?')[0]}", fixed(path), client)


def of_moderators(client: httpx.Client, count: int) -> Iterator[Asked]:
    base = "/admin/moderation/operation"

    def look(side: int) -> str:
        x, y = random.randrange(SIDE - side + 1), random.randrange(SIDE - side + 1)
        return f"{base}/canvas/main/?x={x}&y={y}&width={side}&height={side}&reason=a+bench"

    def guest() -> str:
        return f"guest:{random.randrange(GUESTS):016x}"

    reads: dict[str, Callable[[], str]] = {
        "index": fixed("/admin/"),
        **{each: fixed(f"/admin/{each}/") for each in LISTS},
        "placements of one guest": lambda: f"/admin/canvas/placement/?q={guest()}",
        "placements of the vandal": fixed(f"/admin/canvas/placement/?q={VANDAL}"),
        "placements, a page far back": fixed("/admin/canvas/placement/?p=99"),
        "a placement": lambda: f"/admin/canvas/placement/{random.randint(1, count)}/change/",
        "a canvas": fixed("/admin/canvas/canvas/1/change/"),
        "an account": fixed("/admin/auth/user/1/change/"),
        "an account to be deleted": fixed("/admin/auth/user/1/delete/"),
        "overview": fixed(f"{base}/overview/"),
        "workbench": fixed(f"{base}/canvas/main/"),
        "people who drew in 50 x 50 cells": lambda: look(50),
        "people who drew in all cells": lambda: look(SIDE),
    }
    for name, path in reads.items():
        yield Asked(f"admin: {name}", path, client)
    client.get(f"{base}/canvas/main/")
    people = {"vandal": {"people": VANDAL}, "account": {"people": ARTIST}}
    everyone = {"everyone": {"everyone": "on", "since": "2026-01-01T00:00"}}
    for name, who in {**people, **everyone}.items():
        yield Asked(
            f"admin: dry run of a revert, {name}",
            fixed(f"{base}/canvas/main/revert/"),
            client,
            {**AREA, **who},
        )
