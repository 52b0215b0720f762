"""A damaged ledger as clients meet it, over HTTP and WebSocket."""

import httpx
import pytest

from canvas.models import Canvas
from canvas.services import configure
from runtime.errors import Refused
from tests.canvas.helpers import RED, drawn, in_thread, lose, order
from tests.edges.conftest import Connect

PIXEL = {"x": 1, "y": 1, "color": RED}


@pytest.fixture
async def damaged(main: Canvas) -> None:
    """A ledger of five placements, without the third."""
    await drawn(*(order(x) for x in range(5)))
    await in_thread(lose)(main, 3)


async def test_http_refuses_to_place(http: httpx.AsyncClient, damaged: None) -> None:
    answer = await http.put("/api/pixel", json=PIXEL)
    assert (answer.status_code, answer.json()["code"]) == (503, "damaged")
    assert answer.json()["field"] == "canvas"
    assert int(answer.headers["Retry-After"]) >= 1


async def test_a_socket_is_told_and_refused(connect: Connect, damaged: None) -> None:
    client = await connect("/ws/?since=0")
    assert (await client.next("status"))["damaged"] is True
    await client.send({"type": "pixel_update", "id": "one", **PIXEL})
    error = await client.next("error")
    assert (error["id"], error["code"]) == ("one", "damaged")


async def test_what_is_before_it_is_served(http: httpx.AsyncClient, damaged: None) -> None:
    board = await http.get("/api/canvas/board")
    assert (board.status_code, board.headers["X-Canvas-Seq"]) == (200, "2")
    assert (await http.get("/api/canvas/board.png")).status_code == 200
    assert (await http.get("/api/canvas/board.png?seq=2")).status_code == 200
    changes = (await http.get("/api/canvas/changes?since=0")).json()
    assert [each["seq"] for each in changes["placements"]] == [1, 2]
    assert (changes["seq"], changes["more"]) == (2, True)
    assert (await http.get("/api/pixel?x=1&y=2")).status_code == 200


@pytest.mark.parametrize(
    "path", ["/board.png?seq=3", "/board.png?seq=5", "/changes?since=2", "/history/open"]
)
async def test_what_is_after_it_is_not(http: httpx.AsyncClient, damaged: None, path: str) -> None:
    answer = await http.get(f"/api/canvas{path}")
    assert (answer.status_code, answer.json()["code"]) == (503, "damaged")


async def test_its_size_cannot_be_changed(main: Canvas, damaged: None) -> None:
    with pytest.raises(Refused) as refusal:
        await in_thread(configure)("main", {"width": 10})
    assert refusal.value.code == "damaged"
    assert (await Canvas.objects.aget(slug="main")).width == main.width
