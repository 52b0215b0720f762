"""The picture from afar, moved or made of halved tiles, equals a fresh drawing."""

import json
import urllib.request
from urllib.error import HTTPError

import pytest

from tests.browser.canvas_page import BLUE, RED, CanvasPage, Color
from tests.browser.conftest import OpenPage
from tests.browser.waiting import wait_until

WINDOW = {"width": 700, "height": 600}
PICTURE = "document.getElementById('board').toDataURL()"
TWO_FRAMES = """() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(done));
})"""


def put(site: str, x: int, y: int, color: str = "#FF0000") -> None:
    body = json.dumps({"x": x, "y": y, "color": color, "username": "far"}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{site}/api/pixel", body, headers, method="PUT")
    try:
        urllib.request.urlopen(request).close()
    except HTTPError as refused:  # the board is that of all tests: one may have drawn the same
        with refused:
            assert json.load(refused)["code"] == "no_change"


def put_square(site: str, x: int, y: int, side: int, color: str = "#FF0000") -> None:
    """Place a square, so large that its middle is shown without a blend."""
    for cell in range(side * side):
        put(site, x + cell % side, y + cell // side, color)


def wait_picture(page: CanvasPage, wanted: str) -> None:
    what = "the page shows another picture"
    wait_until(page.page, lambda: page.page.evaluate(PICTURE) == wanted, what)


# The same cells of the same site are drawn, each time in another colour than before.
@pytest.mark.parametrize(
    ("scale", "side", "color", "shown"), [(0.8, 5, "#FF0000", RED), (0.3, 14, "#1F5FD0", BLUE)]
)
def test_a_drag_leaves_the_picture_that_a_fresh_drawing_gives(
    open_page: OpenPage, site: str, scale: float, side: int, color: str, shown: Color
) -> None:
    for step in range(20):
        put(site, 137 * step % 1000, 61 * step % 1000, color)
    page = open_page(f"480,470,{scale}", reduced_motion="reduce", viewport=WINDOW)
    before = page.page.evaluate(PICTURE)
    mouse = page.page.mouse
    mouse.move(400, 200)
    mouse.down()
    for step, (x, y) in enumerate([(360, 200), (315, 241), (460, 280), (413, 131)]):
        mouse.move(x, y, steps=3)
        put(site, 300 + 40 * step, 500 + 30 * step, color)
    put_square(site, 500, 500, side, color)
    mouse.move(330, 180, steps=3)
    mouse.up()
    page.wait_place(lambda x, y, scale: x > 560)
    page.wait_color(500 + side // 2, 500 + side // 2, shown)
    moved = page.page.evaluate(PICTURE)
    page.page.keyboard.press("n")
    page.page.wait_for_function("() => new Promise((done) => requestAnimationFrame(done))")
    assert page.page.evaluate(PICTURE) == moved
    assert moved != before


def test_zooming_and_drawing_leave_the_picture_that_a_new_page_shows(
    open_page: OpenPage, site: str
) -> None:
    page = open_page(viewport=WINDOW, reduced_motion="reduce")
    page.page.mouse.move(300, 250)
    for step in range(36):  # out to the smallest, in beyond one to one, and out again
        page.page.mouse.wheel(0, 200 if step // 12 % 2 == 0 else -200)
        page.page.evaluate(TWO_FRAMES)
        put(site, 301 + 11 * step, 207 + 13 * step)
    page.page.keyboard.press("f")
    put_square(site, 701, 333, 3)
    last = open_page(viewport=WINDOW, reduced_motion="reduce")
    wait_picture(page, last.page.evaluate(PICTURE))


def test_a_leap_closer_ends_in_the_picture_that_a_fresh_drawing_gives(
    open_page: OpenPage, site: str
) -> None:
    for tile in range(16):
        put(site, 99 + 256 * (tile % 4), 99 + 256 * (tile // 4))
    page = open_page(viewport=WINDOW, reduced_motion="reduce")
    before = page.page.evaluate(PICTURE)
    page.page.mouse.move(350, 250)
    page.page.mouse.wheel(0, -200)
    page.wait_place(lambda x, y, scale: scale > 0.5)
    closer = page.page.evaluate(PICTURE)
    page.page.keyboard.press("n")
    page.page.evaluate(TWO_FRAMES)
    assert page.page.evaluate(PICTURE) == closer
    assert closer != before
