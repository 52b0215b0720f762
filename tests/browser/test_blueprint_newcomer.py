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


def shared(open_page: OpenPage, site: str, name: str, left: int, top: int) -> str:
    """Save the flag on the site as a new member, and return its link."""
    owner = signed_in(open_page, site, name, "900,700,16")
    lay(owner.page, flag())
    open_panel(owner.page)
    place(owner, left, top)
    return save(owner, f"{name}' flag")


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


def test_a_template_is_drawn_on_a_phone_from_a_link(open_page: OpenPage, site: str) -> None:
    link = shared(open_page, site, "Tess", LEFT, TOP)
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
    # Then whole areas, from where the link has led: nothing lies over them.
    phone.page.locator("#bp-open").tap()
    row = phone.page.locator(".bp-row").first
    row.get_by_role("button", name="More about").tap()
    row.get_by_role("button", name="Show it").tap()
    phone.page.wait_for_timeout(500)  # after which the address has been written
    phone.wait_place(lambda x, y, _zoom: abs(x - LEFT - 10) < 2 and y > TOP + SIDE // 2)
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
