"""A part of the board in palette indices, through Django or without a pod."""

import httpx
import pytest

from canvas.domain import region
from canvas.models import Canvas
from canvas.services import configure
from tests.canvas.helpers import HEIGHT, RED, WIDTH, in_thread

PATH = "/api/canvas/board"


async def whole(http: httpx.AsyncClient) -> list[bytes]:
    """Return the rows of the whole board."""
    cells = (await http.get(PATH)).content
    return [cells[start : start + WIDTH] for start in range(0, len(cells), WIDTH)]


@pytest.mark.parametrize(
    ("query", "box"),
    [
        ("x=2&y=3&width=4&height=5", (2, 3, 6, 8)),
        ("x=2", (2, 0, WIDTH, HEIGHT)),
        ("y=3&height=1", (0, 3, WIDTH, 4)),
        (f"x={WIDTH - 1}&y={HEIGHT - 1}", (WIDTH - 1, HEIGHT - 1, WIDTH, HEIGHT)),
        (f"width={WIDTH}&height={HEIGHT}&scale=9", (0, 0, WIDTH, HEIGHT)),
    ],
)
async def test_a_part_has_its_cells(
    http: httpx.AsyncClient, query: str, box: tuple[int, int, int, int]
) -> None:
    for x, y in ((2, 3), (5, 7), (WIDTH - 1, HEIGHT - 1), (0, 0)):
        await http.put("/api/pixel", json={"x": x, "y": y, "color": RED})
    left, top, right, bottom = box
    answer = await http.get(f"{PATH}?{query}")
    rows = (await whole(http))[top:bottom]
    assert answer.content == b"".join(row[left:right] for row in rows)
    told = {name: answer.headers[f"x-canvas-{name}"] for name in ("seq", "width", "height")}
    assert told == {"seq": "4", "width": str(WIDTH), "height": str(HEIGHT)}


async def test_one_that_did_not_change_is_not_sent_again(http: httpx.AsyncClient) -> None:
    address = f"{PATH}?x=1&y=1&width=2&height=2"
    held = {"if-none-match": (await http.get(address)).headers["etag"]}
    assert (await http.get(address, headers=held)).status_code == 304
    assert (await http.get(f"{PATH}?x=1&y=1&width=2&height=3", headers=held)).status_code == 200
    assert (await http.get(PATH, headers=held)).status_code == 200
    await http.put("/api/pixel", json={"x": 9, "y": 9, "color": RED})
    assert (await http.get(address, headers=held)).status_code == 200


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (f"x={WIDTH}", "x_out_of_range"),
        ("y=-1", "y_invalid"),
        ("x=one", "x_invalid"),
        ("x=", "x_invalid"),
        ("x=1&width=0", "width_out_of_range"),
        (f"x=1&width={WIDTH}", "width_out_of_range"),
        (f"height={HEIGHT + 1}", "height_out_of_range"),
        ("x=1&canvas=nowhere", "canvas_unknown"),
    ],
)
async def test_a_part_that_is_none_is_refused(
    http: httpx.AsyncClient, query: str, code: str
) -> None:
    answer = await http.get(f"{PATH}?{query}")
    assert answer.json()["code"] == code


async def test_a_part_is_bounded(
    http: httpx.AsyncClient, main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    await in_thread(configure)("main", {"width": WIDTH + 1})
    monkeypatch.setattr(region, "MAX_PART", 10)
    assert (await http.get(f"{PATH}?x=0&width=5&height=2")).status_code == 200
    answer = await http.get(f"{PATH}?x=0&width=11&height=1")
    assert (answer.status_code, answer.json()["code"]) == (400, "width_out_of_range")
