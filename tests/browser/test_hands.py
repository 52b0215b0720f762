"""Keyboards, mice, pens and fingers as people have them, and what they must not lose."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.canvas_page import RED, CanvasPage
from tests.browser.conftest import NewContext, OpenPage, StartServer
from tests.browser.test_touch import PHONE

# The layout, the position of a key, what is printed on it, and what it then does.
LAYOUTS = {
    "azerty minus": ("Digit6", "-", "zoom out"),
    "azerty a": ("KeyQ", "a", "left"),
    "dvorak l": ("KeyP", "l", "who drew"),
    "numpad left": ("Numpad4", "ArrowLeft", "cursor"),
    "numpad digit": ("Numpad9", "9", "red"),
    "azerty digit": ("Digit9", "ç", "red"),
    "cyrillic g": ("KeyG", "п", "grid"),
}


def press(page: Page, code: str, key: str) -> None:
    control = page.context.new_cdp_session(page)
    for kind in ("keyDown", "keyUp"):
        if kind == "keyUp":
            page.wait_for_timeout(120)
        control.send("Input.dispatchKeyEvent", {"type": kind, "code": code, "key": key})


@pytest.mark.parametrize("name", LAYOUTS)
def test_keys_go_by_what_is_printed_on_them(open_page: OpenPage, name: str) -> None:
    code, key, does = LAYOUTS[name]
    page = open_page("700,20,20")
    press(page.page, code, key)
    color = page.page.locator("#color-name")
    if does == "zoom out":
        page.wait_place(lambda x, y, scale: scale < 14)
    elif does == "left":
        page.wait_place(lambda x, y, scale: x < 700)
    elif does == "who drew":
        expect(page.page.locator("#pixel-panel")).to_be_visible()
    elif does == "cursor":
        expect(page.page.locator("#confirm-where")).to_have_text("700, 20")
    elif does == "grid":
        assert page.page.evaluate("document.getElementById('set-grid').checked") is False
    expect(color).to_have_text("red" if does == "red" else "Choose a colour")


@pytest.mark.parametrize("button", ["#zoom-in", "#connection", "#zoom-fit"])
def test_after_a_click_beside_the_board_the_keys_go_on(open_page: OpenPage, button: str) -> None:
    page = open_page("700,40,20").page
    page.locator(button).click()
    page.keyboard.press("9")
    expect(page.locator("#color-name")).to_have_text("red")


def test_after_a_panel_closed_by_a_click_the_keys_go_on(open_page: OpenPage) -> None:
    page = open_page("700,40,20").page
    page.locator("#menu-button").click()
    page.locator("#menu-panel [data-close]").click()
    page.keyboard.press("9")
    expect(page.locator("#color-name")).to_have_text("red")
    page.locator("#help-button").click()
    page.locator("#help [data-close]").click()
    page.keyboard.press("8")
    expect(page.locator("#color-name")).not_to_have_text("red")


def test_a_button_pressed_by_keys_keeps_the_focus(open_page: OpenPage) -> None:
    page = open_page("700,40,20").page
    page.locator("#zoom-in").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#zoom-in")).to_be_focused()


def test_what_a_key_changes_is_said(open_page: OpenPage) -> None:
    page = open_page("700,60,20").page
    page.locator("#stage").focus()
    for key, words in [
        ("9", "red"),
        ("k", "coral"),
        ("Escape", "No colour"),
        ("g", "Grid off"),
        ("g", "Grid on"),
        ("m", "Minimap off"),
        ("n", "Signs on"),
        ("+", "Zoom 30"),
        ("f", "The whole canvas is shown"),
    ]:
        page.keyboard.press(key)
        expect(page.locator("#said")).to_have_text(re.compile(rf"^{words}\s?$"))


def pen(page: Page, kind: str, at: tuple[float, float], **more: Any) -> None:
    event = {"type": kind, "x": at[0], "y": at[1], "pointerType": "pen", **more}
    page.context.new_cdp_session(page).send("Input.dispatchMouseEvent", event)


def test_a_pen_points_and_draws_like_a_mouse(open_page: OpenPage) -> None:
    page = open_page("700,80,20")
    page.choose("red")
    at = page.point(702, 82)
    pen(page.page, "mouseMoved", at)
    page.wait_mark(*at)
    for kind in ("mousePressed", "mouseReleased"):
        pen(page.page, kind, at, button="left", clickCount=1)
    page.wait_color(702, 82, RED)
    expect(page.page.locator("#confirm")).to_be_hidden()


def test_a_tap_on_a_grey_place_says_why(open_page: OpenPage, new_server: StartServer) -> None:
    site = new_server(CANVAS_COOLDOWN_SECONDS="30").base_url
    page = open_page("20,20,20", url=site, **PHONE)
    place = page.page.get_by_role("button", name="Place")
    page.tap(21, 21)
    expect(place).to_be_disabled()
    place.tap(force=True)
    expect(page.toast).to_have_text("Choose a colour first.")
    page.choose("red")
    expect(place).to_be_enabled()
    place.tap()
    page.wait_color(21, 21, RED)
    expect(place).to_be_disabled()
    place.tap(force=True)
    expect(page.toast).to_contain_text("before your next pixel")


def test_a_notch_with_ctrl_zooms_as_one_without(open_page: OpenPage) -> None:
    page = open_page("700,120,20")
    page.page.mouse.move(640, 360)
    page.page.keyboard.down("Control")
    page.page.mouse.wheel(0, -120)
    page.page.keyboard.up("Control")
    page.wait_place(lambda x, y, scale: 24 < scale < 28)


def rows(page: CanvasPage, site: str, x: int, y: int) -> int:
    return len(page.page.request.get(f"{site}/api/pixel?x={x}&y={y}").json()["history"])


def test_a_colour_that_is_there_is_not_drawn_again(open_page: OpenPage, site: str) -> None:
    page = open_page("700,140,20")
    page.choose("red")
    page.page.mouse.dblclick(*page.point(701, 141))
    expect(page.toast).to_have_text("That cell has this colour already.")
    page.wait_color(701, 141, RED)
    page.click(701, 141)
    page.page.wait_for_timeout(300)
    assert rows(page, site, 701, 141) == 1


def test_place_disarms_after_a_pixel(open_page: OpenPage, site: str) -> None:
    page = open_page("700,160,20", **PHONE)
    page.choose("red")
    page.tap(701, 161)
    place = page.page.get_by_role("button", name="Place")
    place.tap()
    place.tap(force=True)
    expect(page.toast).to_have_text("That cell has this colour already.")
    page.wait_color(701, 161, RED)
    expect(place).to_be_disabled()
    expect(page.page.locator("#confirm-wait")).to_have_text("Already this colour")
    page.choose("blue")
    expect(place).to_be_enabled()
    assert rows(page, site, 701, 161) == 1


def test_the_place_survives_logging_in(new_context: NewContext, open_page: OpenPage) -> None:
    page = open_page("345,678,24", context=new_context())
    page.page.keyboard.press("ArrowRight")
    page.page.keyboard.press("Shift+ArrowRight")
    page.page.wait_for_timeout(600)
    page.page.locator("#people-button").click()
    page.page.get_by_role("link", name="Sign in").click()
    page.page.get_by_role("link", name="Sign up").click()
    page.page.get_by_label("Username").fill("place-keeper")
    for field in page.page.locator("input[type=password]").all():
        field.fill("a long pass phrase 7")
    page.page.get_by_role("button", name="Sign up").click()
    page.wait_state("live")
    page.wait_place(lambda x, y, scale: (x, y, scale) == (345, 678, 24))


@pytest.mark.parametrize("opener", ["people", "menu", "help", "goto"])
def test_back_closes_what_is_open(open_page: OpenPage, opener: str) -> None:
    page = open_page("345,300,24", **PHONE)
    page.page.evaluate("window.untouched = true")
    panel = page.page.locator("#help" if opener == "help" else f"#{opener}-panel")
    page.page.locator(f"#{opener}-button").click()
    expect(panel).to_be_visible()
    page.page.go_back()
    expect(panel).to_be_hidden()
    assert page.page.evaluate("window.untouched")
    page.wait_place(lambda x, y, scale: (x, y, scale) == (345, 300, 24))


def test_a_panel_closed_by_hand_leaves_nothing_to_go_back_from(open_page: OpenPage) -> None:
    page = open_page("345,320,24").page
    before = page.evaluate("history.length")
    for _ in range(2):
        page.locator("#menu-button").click()
        page.locator("#menu-panel [data-close]").click()
        page.wait_for_function("!history.state?.open")
    page.keyboard.press("o")
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    expect(page.locator("#people-panel")).to_be_visible()
    assert page.evaluate("history.length") == before + 1
    page.go_back()
    expect(page.locator("#people-panel")).to_be_hidden()


def test_back_keeps_the_place_that_was_gone_to_meanwhile(open_page: OpenPage) -> None:
    page = open_page("345,340,24")
    page.page.locator("#menu-button").click()
    page.drag((340, 340), (335, 340))
    page.wait_place(lambda x, y, scale: (x, y) == (350, 340))
    page.page.locator("#people-button").click()
    page.page.go_back()
    expect(page.page.locator("#people-panel")).to_be_hidden()
    page.page.wait_for_timeout(600)
    assert page.page.evaluate("location.hash") == "#350,340,24"
