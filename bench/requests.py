"""Requests and pages of the product, with an address of its own for each try."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

SIDE = 1000  # cells
GUESTS = 150_000
VANDAL, ARTIST = "guest:00000000deadbeef", "user:1"  # with many placements
AREA = {"x": 100, "y": 100, "width": 200, "height": 200, "reason": "a bench"}
REPORTS = {"of one cell": 1, "of the largest area": 128}  # sides, in cells
LISTS = (
    "auth/user",
    "accounts/ban",
    "blueprints/blueprint",
    "canvas/canvas",
    "canvas/placement",
    "moderation/operation",
    "moderation/report",
)


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


def everything(clients: Mapping[str, httpx.Client], count: int) -> Iterator[Asked]:
    """Yield the requests of people, then those of an account, then those of a moderator."""
    yield from of_people(clients["guest"], count)
    yield from of_accounts(clients["account"])
    yield from of_moderators(clients["moderator"], clients["guest"], count)


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


def of_moderators(client: httpx.Client, guest_client: httpx.Client, count: int) -> Iterator[Asked]:
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
    guest_client.get("/")  # which makes its guest
    for name, side in REPORTS.items():
        area = {"x": 100, "y": 100, "width": side, "height": side, "reason": "other"}
        report = guest_client.post("/api/report", json=area).json()
        reads[f"a report {name}"] = fixed(f"/admin/moderation/report/{report['id']}/change/")
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
