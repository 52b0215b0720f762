"""Taking one's own last pixel back, by keys, mouse and touch."""

import pytest
from playwright.sync_api import expect

from tests.browser.canvas_page import BLUE, RED, WHITE, CanvasPage
from tests.browser.conftest import NewContext, OpenPage
from tests.browser.test_touch import PHONE

pytestmark = pytest.mark.core

NAME = "Take back your last pixel"


def by_keys(page: CanvasPage) -> None:
    page.page.keyboard.press("Control+z")


def by_mouse(page: CanvasPage) -> None:
    page.page.get_by_role("button", name=NAME).click(force=True)  # greyed, it still says why


@pytest.mark.parametrize("undo", [by_keys, by_mouse])
def test_pixels_are_taken_back_one_by_one(open_page: OpenPage, undo: object) -> None:
    assert callable(undo)
    page = open_page("50,300,20")
    button = page.page.get_by_role("button", name=NAME)
    expect(button).to_have_attribute("aria-disabled", "true")
    for color, shown in (("red", RED), ("blue", BLUE)):
        page.draw(color, 50, 300)
        page.wait_color(50, 300, shown)
    expect(button).to_have_attribute("aria-disabled", "false")
    page.hover(55, 305)
    undo(page)
    page.wait_color(50, 300, RED)
    expect(page.toast).to_have_text("Taken back: 50, 300 is red again")
    undo(page)
    page.wait_color(50, 300, WHITE)
    expect(button).to_have_attribute("aria-disabled", "true")
    undo(page)
    expect(page.toast).to_contain_text("nothing in the last minute")


def test_a_finger_takes_back(open_page: OpenPage) -> None:
    page = open_page("70,300,20", **PHONE)
    page.choose("red")
    page.tap(70, 300)
    page.page.get_by_role("button", name="Place").tap()
    page.wait_color(70, 300, RED)
    page.page.get_by_role("button", name=NAME).tap()
    page.wait_color(70, 300, WHITE)


def test_what_others_drew_over_stays(open_page: OpenPage) -> None:
    mine, other = open_page("90,300,20"), open_page("90,300,20")
    mine.draw("red", 90, 300)
    other.wait_color(90, 300, RED)
    other.draw("blue", 90, 300)
    mine.wait_color(90, 300, BLUE)
    mine.page.keyboard.press("Control+z")
    expect(mine.toast).to_have_text("It was drawn over meanwhile, and stays.")
    mine.wait_color(90, 300, BLUE)


def test_nothing_can_be_taken_back_before_the_modules_have_come(
    new_context: NewContext, site: str
) -> None:
    page = new_context().new_page()
    page.route("**/canvas/main.js", lambda route: route.abort())
    page.goto(site)
    expect(page.locator("html.failed")).to_be_attached()
    expect(page.locator("#undo")).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#undo")).to_have_css("opacity", "0.5")
