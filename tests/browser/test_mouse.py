"""Drawing and looking around with a mouse."""

import time
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.canvas_page import RED, WHITE
from tests.browser.conftest import OpenPage


def test_a_drag_moves_the_board_and_never_draws(open_page: OpenPage) -> None:
    page = open_page("100,100,20")
    page.draw("red", 100, 100)
    page.wait_color(100, 100, RED)
    page.drag((104, 104), (109, 104))
    page.wait_place(lambda x, y, scale: (x, y) == (95, 100))
    page.wait_color(100, 100, RED)
    for x in (99, 104):
        assert page.color_at(x, 104) == WHITE


def test_a_trembling_click_still_draws(open_page: OpenPage) -> None:
    page = open_page("120,100,20")
    page.choose("red")
    x, y = page.point(120, 100)
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    page.page.mouse.move(x + 3, y + 3)
    page.page.mouse.up()
    page.wait_color(120, 100, RED)


def test_the_wheel_zooms_about_the_pointer(open_page: OpenPage) -> None:
    page = open_page("140,100,20")
    page.draw("red", 150, 105)
    page.wait_color(150, 105, RED)
    spot = page.point(150, 105)
    page.page.mouse.wheel(0, -200)
    page.wait_place(lambda x, y, scale: scale > 25)
    assert page.color_on_screen(*spot) == RED


@pytest.mark.parametrize("how", [{"button": "right"}, {"button": "middle"}, {"ctrl": True}])
def test_a_right_click_picks_the_colour(open_page: OpenPage, how: dict[str, Any]) -> None:
    page = open_page("160,100,20")
    page.draw("red", 160, 100)
    page.wait_color(160, 100, RED)
    for held in ("blue", "No colour, look pixels up"):
        page.choose(held)
        if how.get("ctrl"):
            page.page.keyboard.down("Control")
            page.click(160, 100)
            page.page.keyboard.up("Control")
        else:
            page.click(160, 100, **how)
        expect(page.page.locator("#color-name")).to_have_text("red")
    page.wait_color(160, 100, RED)


def test_coordinates_that_are_typed_are_gone_to(open_page: OpenPage) -> None:
    page = open_page("230,100,20")
    page.page.locator("#goto-button").click()
    field = page.page.get_by_label("Column and row, or a link")
    expect(field).to_be_focused()
    for typed, problem in [
        ("there", "Type a column and a row, such as 120 340, or paste a link."),
        ("5, 1000", "There is no such cell: this canvas ends at 999, 999."),
    ]:
        field.fill(typed)
        page.page.get_by_role("button", name="Go", exact=True).click()
        expect(page.page.locator("#goto-error")).to_have_text(problem)
        expect(field).to_have_attribute("aria-invalid", "true")
        assert page.page.evaluate("location.hash") == "#230,100,20"
    field.fill("700, 20")
    page.page.get_by_role("button", name="Go", exact=True).click()
    expect(page.page.locator("#goto-panel")).to_be_hidden()
    page.wait_place(lambda x, y, scale: (x, y, scale) == (700, 20, 20))
    expect(page.page.locator("#confirm-where")).to_have_text("700, 20")


def test_nothing_is_ready_without_a_colour_and_a_click_beside_keeps_it(
    open_page: OpenPage,
) -> None:
    page = open_page("0,100,20")
    dock = page.page.locator("#dock")
    turn = page.page.locator("#turn")
    expect(dock).to_have_attribute("data-turn", "colorless")
    expect(turn).to_have_text("")
    page.choose("red")
    expect(dock).to_have_attribute("data-turn", "ready")
    expect(turn).to_have_text("Ready to draw")
    page.click(-5, 100)
    expect(page.page.locator("#color-name")).to_have_text("red")
    page.page.keyboard.press("9")
    expect(turn).to_have_text("")


def test_shift_click_says_who_drew_a_pixel(open_page: OpenPage) -> None:
    page = open_page("180,100,20")
    page.draw("red", 180, 100)
    page.wait_color(180, 100, RED)
    page.page.keyboard.down("Shift")
    page.click(180, 100)
    name = page.page.locator("#my-name").text_content()
    expect(page.page.locator("#pixel-who")).to_contain_text(str(name))
    expect(page.page.locator("#pixel-color-name")).to_contain_text("#FF0000")


def test_a_link_opens_the_same_place(open_page: OpenPage) -> None:
    page = open_page("200,100,20")
    page.page.keyboard.press("e")
    page.wait_place(lambda x, y, scale: scale == 30)
    other = open_page(page.page.url.partition("#")[2])
    assert other.page.evaluate("location.hash") == "#200,100,30"


def test_a_board_that_comes_late_still_opens_at_the_linked_place(open_page: OpenPage) -> None:
    def hold_up(route: Route) -> None:
        time.sleep(1)
        route.continue_()

    page = open_page("220,100,20")
    page.page.route("**/api/canvas/board?*", hold_up)
    page.page.reload()
    page.wait_state("live")
    page.page.wait_for_timeout(600)
    assert page.page.evaluate("location.hash") == "#220,100,20"
