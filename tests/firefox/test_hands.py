"""Drawing in Firefox: by mouse, pen, finger and keys."""

import pytest

from tests.browser.canvas_page import RED, WHITE
from tests.firefox.canvas_page import PHONE, FirefoxPage
from tests.firefox.conftest import OpenPage
from tests.firefox.firefox import Firefox


def zoom(page: FirefoxPage) -> float:
    scale: str = page.evaluate("return location.hash.split(',')[2]")
    return float(scale)


def test_another_sees_a_pixel(open_page: OpenPage) -> None:
    drawer, other = open_page("20,20,20"), open_page("20,20,20")
    drawer.choose("red")
    drawer.click_cell(21, 20)
    other.wait_color(21, 20, RED)
    drawer.wait_color(21, 20, RED)


def test_keys_alone_draw_also_after_a_click_on_a_button(open_page: OpenPage) -> None:
    page = open_page("60,20,20")
    page.click("#zoom-in")
    page.press("9")
    page.wait_text("#color-name", "red")
    page.press("ArrowRight", "ArrowRight", "Enter")
    page.wait_text("#said", "Drawn: red at 61, 20")


def test_keys_go_by_what_is_printed_on_them(open_page: OpenPage) -> None:
    page = open_page("100,20,20")
    page.press("9")
    page.type_on("-", "Digit6")  # French
    page.wait("Number(location.hash.split(',')[2]) < 14")
    page.type_on("ArrowRight", "Numpad6")
    page.type_on("l", "KeyP")  # Dvorak
    page.wait("!document.getElementById('pixel-panel').hidden")
    page.wait_text("#color-name", "red")


def test_what_a_key_changes_is_said(open_page: OpenPage) -> None:
    page = open_page("340,20,20")
    for key, words in (
        ("9", "red"),
        ("Escape", "No colour"),
        ("g", "Grid off"),
        ("m", "Minimap off"),
        ("n", "Signs on"),
        ("f", "The whole canvas is shown"),
    ):
        page.press(key)
        page.wait_text("#said", words)


def test_keys_alone_go_to_a_place(open_page: OpenPage) -> None:
    page = open_page("380,20,20")
    page.press("x", *"420 30", "Enter")
    page.wait_text("#said", "420, 30: white")
    page.press("9", "Enter")
    page.wait_text("#said", "Drawn: red at 420, 30")
    assert page.evaluate("return location.hash").startswith("#420,30,")


def test_a_colour_that_is_there_is_not_drawn_again(open_page: OpenPage) -> None:
    page = open_page("460,20,20")
    page.choose("red")
    for _ in range(2):
        page.click_cell(461, 20)
        page.wait_color(461, 20, RED)
    page.wait_text("#toasts", "That cell has this colour already.")


def test_a_right_click_takes_the_colour_under_it(open_page: OpenPage) -> None:
    page = open_page("140,20,20")
    page.choose("red")
    page.click_cell(141, 20)
    page.wait_color(141, 20, RED)
    page.choose("navy")
    page.click_cell(141, 20, button=2)
    page.wait_text("#color-name", "red")


def test_a_notch_of_the_wheel_zooms_a_little(open_page: OpenPage) -> None:
    page = open_page("180,20,20")
    page.turn_wheel(640, 300, -3)
    page.wait("Number(location.hash.split(',')[2]) > 20")
    assert 21 < zoom(page) < 32


def test_a_stroke_is_drawn_and_its_last_pixel_taken_back(open_page: OpenPage) -> None:
    page = open_page("300,20,20")
    page.choose("red")
    page.press("b")
    page.drag((301, 20), (304, 20))
    page.wait_text("#staged-count", "4 pixels chosen")
    page.click("#staged-go")
    page.wait_color(304, 20, RED)
    assert page.color_at(302, 20)[:3] == [*RED]
    page.press_with_control("z")
    page.wait_color(304, 20, WHITE)
    assert page.color_at(303, 20)[:3] == [*RED]


@pytest.fixture
def touch(firefox: Firefox) -> None:
    """A screen that fingers touch."""
    firefox.prefer("dom.w3c_touch_events.enabled", 1)
    firefox.prefer("ui.primaryPointerCapabilities", 1)
    firefox.prefer("ui.allPointerCapabilities", 1)


@pytest.mark.usefixtures("touch")
def test_a_finger_chooses_and_the_button_draws(open_page: OpenPage) -> None:
    page = open_page("220,20,20", size=PHONE)
    page.click("#colors [aria-label=red]", "touch")
    page.click_cell(222, 18, "touch")
    page.wait_text("#confirm-where", "222, 18")
    assert page.color_at(222, 18)[:3] == [*WHITE]
    page.click("#confirm-place", "touch")
    page.wait_color(222, 18, RED)


@pytest.mark.usefixtures("touch")
def test_a_tap_on_a_grey_place_says_why(open_page: OpenPage) -> None:
    page = open_page("500,20,20", size=PHONE)
    page.click_cell(501, 21, "touch")
    page.wait("document.getElementById('confirm-place').getAttribute('aria-disabled') === 'true'")
    page.click("#confirm-place", "touch")
    page.wait_text("#toasts", "Choose a colour first.")


def test_a_pen_points_and_draws(open_page: OpenPage) -> None:
    page = open_page("260,20,20")
    page.choose("red")
    cell = page.point(263, 20)
    page.move_pen(*cell, "mousemove")
    page.wait_color(263, 20, RED, "overlay")
    page.move_pen(*cell, "mousedown", "mouseup")
    page.wait_color(263, 20, RED)
