"""From afar a drag moves the picture: it must show what a fresh drawing shows."""

import json
import urllib.request

from tests.browser.canvas_page import RED
from tests.browser.conftest import OpenPage

PICTURE = "document.getElementById('board').toDataURL()"


def put(site: str, x: int, y: int) -> None:
    body = json.dumps({"x": x, "y": y, "color": "#FF0000", "username": "far"}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{site}/api/pixel", body, headers, method="PUT")
    urllib.request.urlopen(request).close()


def test_a_drag_leaves_the_picture_that_a_fresh_drawing_gives(
    open_page: OpenPage, site: str
) -> None:
    for step in range(20):
        put(site, 137 * step % 1000, 61 * step % 1000)
    window = {"width": 700, "height": 600}
    page = open_page("480,470,0.8", reduced_motion="reduce", viewport=window)
    before = page.page.evaluate(PICTURE)
    mouse = page.page.mouse
    mouse.move(400, 200)
    mouse.down()
    for step, (x, y) in enumerate([(360, 200), (315, 241), (460, 280), (413, 131)]):
        mouse.move(x, y, steps=3)
        put(site, 300 + 40 * step, 500 + 30 * step)
    for cell in range(25):  # so large that its middle is red without a blend
        put(site, 500 + cell % 5, 500 + cell // 5)
    mouse.move(330, 180, steps=3)
    mouse.up()
    page.wait_place(lambda x, y, scale: x > 560)
    page.wait_color(502, 502, RED)
    moved = page.page.evaluate(PICTURE)
    page.page.keyboard.press("n")
    page.page.wait_for_function("() => new Promise((done) => requestAnimationFrame(done))")
    assert page.page.evaluate(PICTURE) == moved
    assert moved != before
