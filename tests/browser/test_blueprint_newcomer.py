"""A person with a phone opens a link, sees a template of 20 x 20, and draws all of it by touch."""

import io

from PIL import Image
from playwright.sync_api import expect

from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import OpenPage
from tests.browser.test_blueprints import lay, open_own, open_panel, place
from tests.browser.test_shared_blueprints import save, signed_in
from tests.browser.test_touch import PHONE

SIDE = 20
STRIPES = {"red": (255, 0, 0), "navy": (0x12, 0x30, 0x6B)}
LEFT, TOP = 890, 690


def flag() -> bytes:
    """Return a picture: a red stripe above, a navy one below, and a navy cell in the red one."""
    image = Image.new("RGBA", (SIDE, SIDE))
    image.paste(STRIPES["red"], (0, 0, SIDE, 3))
    image.paste(STRIPES["navy"], (0, SIDE - 3, SIDE, SIDE))
    image.putpixel((4, 1), (*STRIPES["navy"], 255))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def shared(open_page: OpenPage, site: str) -> str:
    owner = signed_in(open_page, site, "Tess", "900,700,16")
    lay(owner.page, flag())
    open_panel(owner.page)
    place(owner, LEFT, TOP)
    return save(owner, "Tess' flag")


def scribble(page: CanvasPage, rows: range) -> None:
    """Draw over rows in one gesture, to and fro."""
    touch = page.page.context.new_cdp_session(page.page)
    ends = (LEFT, LEFT + SIDE - 1)
    path = [(x, y) for y in rows for x in (ends if (y - rows.start) % 2 == 0 else ends[::-1])]
    for number, spot in enumerate(path):
        x, y = page.point(*spot)
        kind = "touchMove" if number else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    page.page.wait_for_timeout(150)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.page.wait_for_timeout(500)  # Chromium makes no click of a tap that follows a swipe at once


def pan(page: CanvasPage, cells: int) -> None:
    """Push the board up with one finger, and rest before it is lifted."""
    touch = page.page.context.new_cdp_session(page.page)
    for step in range(9):
        y = 420 - 16 * cells * min(step, 7) / 7
        kind = "touchMove" if step else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": 30, "y": y}]})
        page.page.wait_for_timeout(30)
    page.page.wait_for_timeout(150)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.page.wait_for_timeout(500)


def bring(page: CanvasPage, row: int) -> None:
    """Push the board until a row is in the middle; the address tells where it is, a bit late."""
    for _ in range(6):
        page.wait_place(lambda *_: True)
        beyond = row - int(page._at.split(",")[1])
        if abs(beyond) < 2:
            return
        pan(page, beyond)
    raise AssertionError(f"the board is at {page._at}")


def test_a_template_is_drawn_on_a_phone_from_a_link(open_page: OpenPage, site: str) -> None:
    link = shared(open_page, site)
    phone = open_own(open_page, "900,700,16", **PHONE)
    phone.page.goto(link)
    phone.wait_state("live")
    strip = phone.page.locator(".bp-strip")
    expect(strip).to_contain_text("0 % · 120 left")
    # The first cells by the buttons of the strip, as it offers them.
    for left in range(119, 115, -1):
        phone.page.locator("#bp-next").tap()
        phone.page.locator("#confirm-place").tap()
        expect(strip).to_contain_text(f"{left} left")
    phone.page.get_by_role("button", name="Let go of this cell").tap()
    # Then whole areas: the template is brought where nothing covers it, and drawn over.
    bring(phone, TOP + SIDE)
    phone.page.get_by_role("button", name="Draw by dragging").tap()
    for color, first in (("red", TOP), ("navy", TOP + SIDE - 3)):
        phone.choose(color)
        scribble(phone, range(first, first + 3))
        phone.page.get_by_role("button", name="Draw", exact=True).tap()
        expect(phone.page.locator("#staged")).to_be_hidden()
    expect(strip).to_contain_text("99.1 % · 1 left")
    # The one that is of another colour: Next knows it.
    phone.page.get_by_role("button", name="Draw by dragging").tap()
    phone.page.locator("#bp-next").tap()
    expect(phone.page.locator("#confirm-what")).to_have_text("navy")
    phone.page.locator("#confirm-place").tap()
    expect(strip).to_contain_text("All right")
