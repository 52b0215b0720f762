"""The list of canvases and their thumbnails: bounded in queries for any number of them."""

import re
from collections.abc import Iterator
from io import BytesIO

import httpx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from canvas.http import past
from canvas.http.thumbnails import MAX_KEPT, Thumbnails, thumbnails
from canvas.models import Canvas
from canvas.services import place
from tests.canvas.helpers import RED, order
from tests.edges.conftest import Connect

pytestmark = pytest.mark.usefixtures("static_files")


@pytest.fixture(autouse=True)
def no_thumbnails() -> Iterator[None]:
    yield
    thumbnails._kept.clear()


def names(html: str) -> list[str]:
    return re.findall(r'<bdi class="name">(.*?)</bdi>', html)


@pytest.mark.both_databases
def test_a_hundred_canvases_are_listed_page_by_page_the_default_one_first(
    client: Client, main: Canvas
) -> None:
    Canvas.objects.bulk_create(Canvas(slug=f"art-{n:03}", width=10, height=20) for n in range(100))
    seen: list[str] = []
    path = "/canvases/"
    for _ in range(5):
        with CaptureQueriesContext(connection) as queries:
            html = client.get(path).content.decode()
        assert len([each for each in queries if "canvas_canvas" in each["sql"]]) == 1
        assert len(queries) <= 3
        seen += names(html)
        found = re.search(r'rel="next" href="(.*?)"', html)
        path = f"/canvases/{found[1]}" if found else ""
    assert path == ""
    assert seen == ["main", *(f"art-{n:03}" for n in range(100))]
    assert 'href="/c/art-000/"' in html or 'href="/c/art-099/"' in html


@pytest.mark.both_databases
@pytest.mark.parametrize("page", ["0", "-1", "x", "2", "1001", "9" * 30])
def test_there_is_no_other_page(client: Client, main: Canvas, page: str) -> None:
    assert client.get("/canvases/", {"page": page}).status_code == 404


async def test_people_are_told(http: httpx.AsyncClient, connect: Connect, main: Canvas) -> None:
    socket = await connect()
    await socket.next("hello")
    html = (await http.get("/canvases/")).text
    assert 'data-count="1"' in html


@pytest.mark.both_databases
def test_a_thumbnail_is_small_and_made_once(client: Client, main: Canvas) -> None:
    place("main", [order(1, 2, RED)])
    first = client.get("/api/canvas/thumbnail.png")
    picture = Image.open(BytesIO(first.content)).convert("RGB")
    assert picture.size == (main.width, main.height)
    assert picture.getpixel((1, 2)) == (255, 0, 0)
    with CaptureQueriesContext(connection) as queries:
        again = client.get("/api/canvas/thumbnail.png", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, len(queries)) == (304, 0)
    assert client.get("/api/canvas/thumbnail.png", {"canvas": "none"}).status_code == 404


@pytest.mark.both_databases
@pytest.mark.parametrize("size", [(1, 1), (3000, 7), (2048, 2048)])
def test_a_large_board_has_a_small_thumbnail(
    client: Client, db: None, size: tuple[int, int]
) -> None:
    Canvas.objects.create(slug="large", width=size[0], height=size[1])
    answer = client.get("/api/canvas/thumbnail.png", {"canvas": "large"})
    assert max(Image.open(BytesIO(answer.content)).size) <= 256


@pytest.mark.slow
@pytest.mark.both_databases
def test_one_thumbnail_is_made_at_a_time_and_one_that_is_there_needs_no_turn(
    client: Client, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = past.slot(waiting=0, patience=0.05)
    monkeypatch.setattr("canvas.http.thumbnails.making", slot)
    Canvas.objects.create(slug="other")
    assert client.get("/api/canvas/thumbnail.png").status_code == 200
    with slot.turn():
        assert client.get("/api/canvas/thumbnail.png").status_code == 200
        refused = client.get("/api/canvas/thumbnail.png", {"canvas": "other"})
    assert (refused.status_code, refused.json()["code"]) == (503, "busy")
    assert client.get("/api/canvas/thumbnail.png", {"canvas": "other"}).status_code == 200


def test_thumbnails_in_memory_have_a_bound(db: None) -> None:
    kept = Thumbnails()
    Canvas.objects.bulk_create(Canvas(slug=f"c{n}", width=2, height=2) for n in range(MAX_KEPT + 3))
    for n in range(MAX_KEPT + 3):
        kept.get(f"c{n}")
    assert len(kept) == MAX_KEPT
