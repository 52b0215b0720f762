"""The HTTP API, as its clients use it."""

import asyncio
import gzip
import io
import time

import httpx
import pytest
from django.core.management import call_command
from PIL import Image
from pytest_django.fixtures import Settings

from accounts.people import GUEST_COOKIE, new_guest_cookie
from canvas.models import Canvas
from canvas.services import configure
from tests.canvas.helpers import HEIGHT, PALETTE, RED, WIDTH, configured, in_thread

GOOD = {"x": 1, "y": 2, "color": "#ff0000"}


async def test_a_guest_places_a_pixel_and_everyone_can_read_it(http: httpx.AsyncClient) -> None:
    answer = await http.put("/api/pixel", json=GOOD | {"username": "Zoë"})
    assert answer.status_code == 200
    placed = answer.json()
    assert {"canvas": "main", "seq": 1, "color": RED, "username": "Zoë"}.items() <= placed.items()
    cell = (await http.get("/api/pixel?x=1&y=2")).json()
    assert (cell["username"], cell["color"], len(cell["history"])) == ("Zoë", RED, 1)
    assert (await http.get("/api/pixel?x=3&y=3")).json()["username"] is None
    changes = (await http.get("/api/canvas/changes?since=0")).json()
    assert ([each["seq"] for each in changes["placements"]], changes["more"]) == ([1], False)


async def test_a_cell_that_was_cut_off_is_background(http: httpx.AsyncClient) -> None:
    await http.put("/api/pixel", json=GOOD | {"x": WIDTH - 1})
    for width in (9, WIDTH):
        await in_thread(configure)("main", {"width": width})
    cell = (await http.get(f"/api/pixel?x={WIDTH - 1}&y=2")).json()
    assert (cell["color"], cell["seq"], len(cell["history"])) == (PALETTE[0], None, 1)


async def test_a_cell_is_told_as_it_was(http: httpx.AsyncClient) -> None:
    for color in ("#FF0000", "#0000FF"):
        await http.put("/api/pixel", json=GOOD | {"x": WIDTH - 1, "color": color})
    await in_thread(configure)("main", {"width": 9})
    address = f"/api/pixel?x={WIDTH - 1}&y={GOOD['y']}"
    colors = [(await http.get(f"{address}&seq={seq}")).json() for seq in (0, 1)]
    assert [(each["color"], each["seq"]) for each in colors] == [(PALETTE[0], None), ("#FF0000", 1)]
    assert [each["seq"] for each in colors[1]["history"]] == [1]
    refused = [await http.get(f"{address}&seq={seq}") for seq in ("2", "3", "-1", "x")]
    assert [(each.status_code, each.json()["field"]) for each in refused] == [
        (400, "x"),  # the canvas was resized at this seq
        (400, "seq"),
        (400, "seq"),
        (400, "seq"),
    ]


@pytest.mark.parametrize(
    "kind", ["", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded"]
)
async def test_the_content_type_does_not_matter(kind: str, http: httpx.AsyncClient) -> None:
    body = b'{"x": 1, "y": 2, "color": "#FF0000"}'
    headers = {"content-type": kind} if kind else {}
    answer = await http.put("/api/pixel", content=body, headers=headers)
    assert answer.status_code == 200


async def test_a_cooldown_says_how_long(http: httpx.AsyncClient, main: Canvas) -> None:
    await in_thread(configured)(main, own_cooldown_ms=60_000)
    first = await http.put("/api/pixel", json=GOOD | {"id": "op"})
    assert first.json()["cooldown_ms"] == 60_000
    second = await http.put("/api/pixel", json=GOOD | {"x": 2})
    assert (second.status_code, second.json()["code"]) == (429, "cooldown")
    assert second.headers["retry-after"] == "60"
    again = await http.put("/api/pixel", json=GOOD | {"id": "op"})
    assert (again.status_code, again.json()["seq"], again.json()["x"]) == (200, 1, 1)
    other = await http.put("/api/pixel", json=GOOD | {"id": "op", "x": 9})
    assert other.status_code == 429, "another program at this address may use the same id"
    cookie = {"cookie": f"{GUEST_COOKIE}={new_guest_cookie()}"}
    mine = await http.put("/api/pixel", json=GOOD | {"id": "op", "x": 2}, headers=cookie)
    assert (mine.status_code, mine.json()["seq"]) == (200, 2)
    reused = await http.put("/api/pixel", json=GOOD | {"id": "op", "x": 9}, headers=cookie)
    assert (reused.status_code, reused.json()["code"]) == (409, "id_reused")
    forged = {"cookie": f"{GUEST_COOKIE}=0123456789abcdef:forged"}
    answer = await http.put("/api/pixel", json=GOOD | {"x": 3}, headers=forged)
    assert answer.status_code == 429
    same = await http.put("/api/pixel", json=GOOD)
    assert (same.status_code, same.json()["code"], same.json()["field"]) == (
        409, "no_change", "color",
    )  # fmt: skip


async def test_a_pixel_is_taken_back_unless_it_was_drawn_over(
    http: httpx.AsyncClient, main: Canvas
) -> None:
    drawn = (await http.put("/api/pixel", json=GOOD)).json()["seq"]
    back = await http.put("/api/pixel", json=GOOD | {"color": "#FFFFFF", "over": drawn})
    assert (back.status_code, back.json()["color"]) == (200, "#FFFFFF")
    late = await http.put("/api/pixel", json=GOOD | {"color": "#FFFFFF", "over": drawn})
    body = late.json()
    assert (late.status_code, body["code"], body["field"]) == (409, "drawn_over", "over")


async def test_a_frozen_canvas_is_a_conflict(http: httpx.AsyncClient, main: Canvas) -> None:
    await in_thread(configured)(main, frozen=True)
    answer = await http.put("/api/pixel", json=GOOD)
    assert (answer.status_code, answer.json()["code"]) == (409, "canvas_frozen")


async def test_without_guests_one_has_to_log_in(
    http: httpx.AsyncClient, settings: Settings
) -> None:
    settings.GUESTS_ALLOWED = False
    answer = await http.put("/api/pixel", json=GOOD)
    assert (answer.status_code, answer.json()["code"]) == (401, "login_required")


async def test_the_board_is_its_bytes(http: httpx.AsyncClient) -> None:
    await http.put("/api/pixel", json=GOOD)
    answer = await http.get("/api/canvas/board", headers={"accept-encoding": "identity"})
    assert (answer.headers["x-canvas-seq"], len(answer.content)) == ("1", WIDTH * HEIGHT)
    assert answer.content[2 * WIDTH + 1] == PALETTE.index(RED)
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "max-age=1" in answer.headers["cache-control"]
    etag = answer.headers["etag"]
    for held in (etag, f"W/{etag}", f'"another", {etag}'):
        unchanged = await http.get("/api/canvas/board", headers={"if-none-match": held})
        assert (unchanged.status_code, unchanged.headers["etag"]) == (304, etag)


async def test_the_board_is_compressed_for_a_client_that_accepts_it(
    http: httpx.AsyncClient,
) -> None:
    request = http.build_request("GET", "/api/canvas/board", headers={"accept-encoding": "gzip"})
    answer = await http.send(request, stream=True)
    packed = b"".join([part async for part in answer.aiter_raw()])
    assert gzip.decompress(packed) == bytes(WIDTH * HEIGHT)


async def test_the_picture_shows_now_and_any_moment_before(http: httpx.AsyncClient) -> None:
    for x in (0, 1):
        await http.put("/api/pixel", json=GOOD | {"x": x, "y": 0})
        between = int(time.time() * 1000) + 20
        if x == 0:
            middle = between
            await asyncio.sleep(0.04)

    async def colors(query: str) -> bytes:
        """Return the colours of the first two pixels."""
        answer = await http.get(f"/api/canvas/board.png{query}")
        assert answer.headers["content-type"] == "image/png"
        image = Image.open(io.BytesIO(answer.content)).convert("RGB")
        return image.crop((0, 0, 2, 1)).tobytes()

    white, red = b"\xff\xff\xff", b"\xff\x00\x00"
    assert await colors("") == red + red
    assert await colors("?seq=0") == white + white
    assert await colors("?seq=1") == red + white
    assert await colors(f"?at={middle}") == red + white
    assert await colors("?at=2020-01-01T00:00:00Z") == white + white


async def test_the_page_makes_a_guest_who_stays_the_same(http: httpx.AsyncClient) -> None:
    first = await http.get("/")
    assert first.status_code == 200
    assert "httponly" in first.headers["set-cookie"].lower()
    assert GUEST_COOKIE not in (await http.get("/")).headers.get("set-cookie", "")
    assert (await http.get("/c/nowhere/")).status_code == 404


async def test_health_and_readiness(http: httpx.AsyncClient) -> None:
    assert (await http.get("/healthz")).json() == {"status": "ok"}
    assert (await http.get("/readyz")).json()["status"] == "ok"


async def test_the_docs_need_no_inline_script(http: httpx.AsyncClient) -> None:
    answer = await http.get("/api/docs/")
    policy = answer.headers["content-security-policy"]
    assert "script-src" not in policy, "scripts fall under default-src 'self'"
    assert "<script>" not in answer.text


def test_the_schema_is_valid(tmp_path: object) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", file=f"{tmp_path}/schema.yaml")
