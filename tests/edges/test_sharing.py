"""Previews of a link: the page's head names a picture of the linked place."""

import html
import io
import re

import httpx
import pytest
from PIL import Image

from canvas.services import configure
from tests.canvas.helpers import HEIGHT, WIDTH, in_thread


async def card(http: httpx.AsyncClient, path: str) -> tuple[dict[str, str], Image.Image]:
    """Return the page's Open Graph tags, and the picture that they name."""
    page = await http.get(path)
    tags = dict(re.findall(r'<meta property="([^"]+)" content="([^"]*)">', page.text))
    answer = await http.get(html.unescape(tags["og:image"]))
    assert answer.status_code == 200, answer.text
    return tags, Image.open(io.BytesIO(answer.content)).convert("RGB")


async def test_the_preview_shows_the_linked_place(http: httpx.AsyncClient) -> None:
    await http.put("/api/pixel", json={"x": 20, "y": 15, "color": "#FF0000"})
    tags, image = await card(http, "/?x=20&y=15&zoom=60")
    assert tags["og:image"].startswith("https://localhost/api/canvas/board.png?")
    assert image.size == (1200, 600)
    assert (str(image.width), str(image.height)) == (
        tags["og:image:width"],
        tags["og:image:height"],
    )
    middle = (10 * 60 + 30, 5 * 60 + 30)
    assert image.getpixel(middle) == (255, 0, 0)
    assert image.getpixel((middle[0] - 60, middle[1])) == (255, 255, 255)


@pytest.mark.parametrize("query", ["", "?x=1", "?x=abc&y=%3Cscript%3E", "?x=-1&y=1&zoom=nan"])
async def test_a_link_to_no_place_shows_the_board(http: httpx.AsyncClient, query: str) -> None:
    _, image = await card(http, f"/{query}")
    assert image.size == (WIDTH * 21, HEIGHT * 21)


async def test_the_preview_of_a_moment_shows_the_place_as_it_was(http: httpx.AsyncClient) -> None:
    placed = await http.put("/api/pixel", json={"x": 20, "y": 15, "color": "#FF0000"})
    moment = (await http.get("/api/pixel?x=20&y=15")).json()["timestamp"]
    assert placed.status_code == 200
    await http.put("/api/pixel", json={"x": 20, "y": 15, "color": "#0000FF"})
    await in_thread(configure)("main", {"width": 12})
    middle = (10 * 60 + 30, 5 * 60 + 30)
    for at, color in ((moment, (255, 0, 0)), (moment - 5, (255, 255, 255))):
        tags, image = await card(http, f"/?x=20&y=15&zoom=60&at={at}")
        assert image.size == (1200, 600), "the board had this size then"
        assert image.getpixel(middle) == color
        assert "og:image:width" not in tags


@pytest.mark.parametrize(
    "at", ["2026-11-25T20:12:05Z", "2026-11-25T20:12:05%2B01:00", "2026-11-25T20:12:05 01:00"]
)
async def test_a_moment_is_read_in_every_zone(http: httpx.AsyncClient, at: str) -> None:
    tags, _ = await card(http, f"/?x=1&y=1&at={at}")
    wanted = 1795637525000 if at.endswith("Z") else 1795633925000
    assert tags["og:image"].endswith(f"at={wanted}")


@pytest.mark.parametrize("at", ["yesterday", "", "2026-13-01", "9" * 99])
async def test_a_link_to_no_moment_shows_now(http: httpx.AsyncClient, at: str) -> None:
    tags, _ = await card(http, f"/?x=1&y=1&at={at}")
    assert "board.png" in tags["og:image"]
    answer = await http.get(f"/api/canvas/card.png?x=1&y=1&at={at}")
    assert (answer.status_code, answer.json()["field"]) == (400, "at")


async def test_a_part_of_the_board_can_be_asked_for(http: httpx.AsyncClient) -> None:
    await http.put("/api/pixel", json={"x": 7, "y": 5, "color": "#0000FF"})
    answer = await http.get("/api/canvas/board.png?x=7&y=4&width=2&height=3&scale=5")
    image = Image.open(io.BytesIO(answer.content)).convert("RGB")
    assert image.size == (10, 15)
    assert image.getpixel((4, 5)) == (0, 0, 255)
    assert image.getpixel((5, 5)) == image.getpixel((4, 4)) == (255, 255, 255)


PRELOADED = re.compile(r'<link rel="preload" as="(?:fetch|style)"[^>]* href="([^"]+)">')


async def test_a_link_to_a_blueprint_names_what_the_page_needs_first(
    http: httpx.AsyncClient,
) -> None:
    page = await http.get("/?t=abcdefghi7")
    first, style = PRELOADED.findall(page.text)
    assert first == "/api/blueprints/abcdefghi7"
    assert style.startswith("/static/blueprints/blueprints")
    modules = re.findall(r'<link rel="modulepreload" href="/static/([^".]+)', page.text)
    assert {"blueprints/main", "blueprints/i18n/words", "canvas/lib/framing"} <= set(modules)
    assert len(modules) == len(set(modules))


@pytest.mark.parametrize(
    "query", ["", "?t=", "?t=../../x", "?t=%22%3E%3Cscript%3E", "?T=abcdefghi7"]
)
async def test_what_is_no_id_of_a_blueprint_is_not_fetched(
    http: httpx.AsyncClient, query: str
) -> None:
    page = await http.get(f"/{query}")
    assert "/api/blueprints/" not in page.text
