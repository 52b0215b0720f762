"""Everyone can use each panel of the page in Arabic, which goes from right to left."""

from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.canvas_page import RED, CanvasPage
from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import DEVICES, check, violations
from tests.browser.test_blueprints import file, picture
from tests.browser.test_touch import PHONE

PLAYERS = ("تشغيل إلى الخلف", "تشغيل")  # backward, forward
RED_IN_ARABIC = "أحمر"
columns = count(100)  # where nobody has drawn


@pytest.fixture(params=DEVICES)
def arabic(request: pytest.FixtureRequest, open_page: OpenPage) -> CanvasPage:
    """The page in Arabic, with a pixel that it has drawn, so that there is a past."""
    x = next(columns)
    options: dict[str, Any] = {"locale": "ar", "reduced_motion": "reduce"}
    page = open_page(f"{x},940,20", **DEVICES[request.param], **options)
    expect(page.page.locator("html")).to_have_attribute("dir", "rtl")
    page.choose(RED_IN_ARABIC)
    if DEVICES[request.param] is PHONE:
        page.tap(x, 940)
        expect(page.page.locator("#confirm-place")).to_be_visible()
        check(page.page)
        page.page.locator("#confirm-place").tap()
        page.wait_color(x, 940, RED)
        page.page.locator("#confirm-cancel").tap()
    else:
        page.click(x, 940)
    page.wait_color(x, 940, RED)
    return page


def open_by_key(page: Page, key: str, part: str) -> None:
    page.locator("#stage").focus()
    page.keyboard.press(key)
    expect(page.locator(part)).to_be_visible()


def test_the_panels_of_the_canvas(arabic: CanvasPage) -> None:
    page = arabic.page
    check(page)
    for name in ("people", "menu", "goto"):
        page.locator(f"#{name}-button").click()
        check(page)
        page.keyboard.press("Escape")
    page.locator("#stage").focus()
    page.keyboard.press("ArrowRight")
    open_by_key(page, "l", "#pixel-panel")
    page.locator("#report summary").click()
    check(page)
    page.locator("#help-button").click()
    assert violations(page) == []


def test_the_panels_of_the_blueprints(arabic: CanvasPage) -> None:
    page = arabic.page
    open_by_key(page, "v", "#blueprints-title")
    check(page)
    page.set_input_files("input[type=file]", file(picture()))
    place = page.locator(".bp-form button[type=submit]").first
    expect(place).to_be_visible()
    check(page)
    place.click()
    check(page)  # of what says how to move it
    page.locator("#bp-done").click()
    check(page)
    open_by_key(page, "v", "#blueprints-title")
    page.locator(".bp-row button[aria-expanded]").first.click()
    check(page)


def test_the_player_runs_from_left_to_right(arabic: CanvasPage) -> None:
    """Back comes before play, as in players of every language, with arrows that point the way."""
    open_by_key(arabic.page, "h", "#past")
    past = arabic.page.locator("#past")
    back, play = (past.get_by_role("button", name=name, exact=True) for name in PLAYERS)
    before, after = back.bounding_box(), play.bounding_box()
    assert before is not None
    assert after is not None
    assert before["x"] < after["x"]
    expect(past.locator(".past-track")).to_have_css("direction", "ltr")


def test_the_time_bar_and_its_panel(arabic: CanvasPage) -> None:
    page = arabic.page
    open_by_key(page, "h", "#past .past-seq")
    check(page)
    page.locator("#past").get_by_role("button", name="الطبقات").click()
    expect(page.locator("#past-panel")).to_be_visible()
    check(page)
