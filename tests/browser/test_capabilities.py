"""Capabilities that a browser has and that fail when they are used."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.canvas_page import BLACK, RED, WHITE
from tests.browser.conftest import NewContext, OpenPage

SAMPLE = """() => ["board", "overlay"].map((id) => {
  const canvas = document.getElementById(id);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((hash, value) => Math.imul(hash ^ value, 16777619), 1);
})"""
RESTORED = """() => new Promise((resolve) => {
  document.getElementById("board").addEventListener("contextrestored", resolve, { once: true });
})"""
# As on Android: there is leave, and the constructor throws.
NOT_CONSTRUCTIBLE = """
  window.Notification = class { constructor() { throw new TypeError("Illegal constructor"); } };
  Notification.permission = "granted";
  Notification.requestPermission = async () => "granted";
"""
# As Firefox does where it resists fingerprinting.
NOISE = {
    "reading": """
      const read = CanvasRenderingContext2D.prototype.getImageData;
      CanvasRenderingContext2D.prototype.getImageData = function (...area) {
        const image = read.apply(this, area);
        for (let i = 0; i < image.data.length; i += 1) image.data[i] ^= i % 7;
        return image;
      };""",
    "saving": """
      const save = HTMLCanvasElement.prototype.toBlob;
      HTMLCanvasElement.prototype.toBlob = function (...rest) {
        const noisy = Object.assign(document.createElement("canvas"), {
          width: this.width, height: this.height,
        });
        const context = noisy.getContext("2d");
        context.drawImage(this, 0, 0);
        context.fillStyle = "#123456";
        for (let x = 0; x < this.width; x += 2) context.fillRect(x, 0, 1, this.height);
        return save.apply(noisy, rest);
      };""",
    "nothing": "HTMLCanvasElement.prototype.toBlob = function (done) { done(null); };",
}


@pytest.mark.parametrize("at", ["500,500,0.5", "20,400,24"])
def test_a_lost_drawing_comes_back(chromium: Browser, open_page: OpenPage, at: str) -> None:
    page = open_page(at)
    if at.startswith("20,"):
        page.draw("red", 20, 400)
        page.wait_color(20, 400, RED)
        page.page.mouse.move(5, 300)
        plain = settled(page.page)
        page.page.keyboard.press("n")
        wait_drawn(page.page, "!==", plain)
    before = settled(page.page)
    page.page.evaluate(f"() => {{ window.restored = ({RESTORED})(); }}")
    chromium.new_browser_cdp_session().send("Browser.crashGpuProcess")
    page.page.evaluate("restored")
    wait_drawn(page.page, "===", before)
    page.page.mouse.move(640, 300)
    page.page.mouse.down()
    page.page.mouse.move(740, 340, steps=4)
    page.page.wait_for_timeout(150)
    page.page.mouse.up()
    settled(page.page)
    # Other tests draw on this board too, but not on all of these places.
    colors = {page.color_on_screen(x, 400) for x in (560, 600, 640, 680, 720)}
    assert WHITE in colors
    assert BLACK not in colors


def settled(page: Page) -> list[int]:
    """Wait until a second brings no change to what is drawn; return its hashes.

    A frame leaves what takes long to paint for the next one, and a busy machine takes its time.
    """
    before: list[int] = []
    for _ in range(30):
        page.wait_for_timeout(1000)
        now: list[int] = page.evaluate(SAMPLE)
        if now == before:
            return now
        before = now
    raise AssertionError("it is drawn again and again")


def wait_drawn(page: Page, how: str, hashes: list[int]) -> None:
    """Wait until what is drawn has these hashes, or has others (`!==`)."""
    page.wait_for_function(
        f"hashes => String(({SAMPLE})()) {how} String(hashes)", arg=hashes, polling=500
    )


def saved(page: Page) -> tuple[str, Path]:
    page.locator("#stage").focus()
    with page.expect_download() as download:
        page.keyboard.press("p")
    return download.value.suggested_filename, download.value.path()


@pytest.mark.parametrize("noise", NOISE)
def test_where_a_canvas_cannot_be_read_the_server_draws(
    open_page: OpenPage, new_context: NewContext, noise: str
) -> None:
    context = new_context()
    row = 420 + list(NOISE).index(noise)
    drawer = open_page(f"160,{row},20")
    drawer.draw("red", 161, row)
    drawer.wait_color(161, row, RED)
    context.add_init_script(NOISE[noise])
    page = open_page(f"160,{row},20", context=context)
    name, file = saved(page.page)
    image = Image.open(file).convert("RGB")
    assert name == "main-view.png"
    assert {color for _, color in image.getcolors() or []} == {RED, WHITE}
    # Whole cells, from the first that is seen: 32 left of the middle one, and 18 above.
    assert image.size == (65 * 20, 37 * 20)
    assert image.getpixel((33 * 20 + 10, 18 * 20 + 10)) == RED


def test_a_picture_that_neither_draws_is_told(open_page: OpenPage, new_context: NewContext) -> None:
    context = new_context()
    context.add_init_script(NOISE["nothing"])
    context.route("**/board.png?*", lambda route: route.fulfill(status=200, body="<html>"))
    page = open_page("160,430,20", context=context)
    page.page.keyboard.press("p")
    expect(page.toast).to_have_text("The picture could not be saved.")


def test_a_notification_that_cannot_be_shown_is_not_promised(
    open_page: OpenPage, new_context: NewContext
) -> None:
    context = new_context()
    context.add_init_script(NOT_CONSTRUCTIBLE)
    page = open_page(context=context)
    page.page.locator("#menu-button").click()
    switch = page.page.get_by_role("switch", name="Send a notification")
    page.page.locator("label:has(#set-notify)").click()
    expect(page.toast).to_have_text("The browser does not allow notifications for this site.")
    expect(switch).not_to_be_checked()


def test_leave_that_was_taken_back_shows_in_the_switch(
    open_page: OpenPage, new_context: NewContext
) -> None:
    context = new_context()
    context.add_init_script("localStorage.setItem('pixelsite', '{\"notify\": true}')")
    page = open_page(context=context)
    page.page.locator("#menu-button").click()
    expect(page.page.get_by_role("switch", name="Send a notification")).not_to_be_checked()


def test_a_sound_that_cannot_be_played_is_not_promised(
    open_page: OpenPage, new_context: NewContext
) -> None:
    context = new_context()
    context.add_init_script("delete window.AudioContext")
    page = open_page(context=context)
    page.page.locator("#menu-button").click()
    page.page.locator("label:has(#set-sound)").click()
    expect(page.toast).to_have_text("This browser plays no sound here.")
    expect(page.page.get_by_role("switch", name="Play a sound")).not_to_be_checked()
