"""Drawing on a phone: a finger chooses, a button confirms."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.canvas_page import RED, WHITE
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.core

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
}


def test_a_tap_chooses_and_the_button_draws(open_page: OpenPage) -> None:
    page = open_page("300,300,20", **PHONE)
    page.choose("red")
    page.tap(302, 298)
    place = page.page.get_by_role("button", name="Place")
    expect(page.page.locator("#confirm-what")).to_have_text("red")
    expect(page.page.locator("#confirm-where")).to_have_text("302, 298")
    assert page.color_at(302, 298) == WHITE
    place.tap()
    page.wait_color(302, 298, RED)


def test_a_chosen_cell_can_be_let_go(open_page: OpenPage) -> None:
    page = open_page("320,300,20", **PHONE)
    page.choose("red")
    page.tap(321, 298)
    page.page.get_by_role("button", name="Let go of this cell").tap()
    expect(page.page.locator("#confirm")).to_be_hidden()
    assert page.color_at(321, 298) == WHITE


def test_a_finger_goes_to_a_place(open_page: OpenPage) -> None:
    page = open_page("330,300,20", **PHONE)
    page.page.locator("#goto-button").tap()
    page.page.get_by_label("Column and row, or a link").fill("40, 50")
    page.page.get_by_role("button", name="Go", exact=True).tap()
    page.wait_place(lambda x, y, scale: (x, y) == (40, 50))
    expect(page.page.locator("#confirm-where")).to_have_text("40, 50")


def test_far_away_a_tap_comes_closer(open_page: OpenPage) -> None:
    page = open_page("340,300,1", **PHONE)
    page.tap(345, 300)
    page.wait_place(lambda x, y, scale: scale > 10)
    expect(page.page.locator("#confirm")).to_be_visible()


def test_a_long_press_says_who_drew_a_pixel(open_page: OpenPage) -> None:
    page = open_page("360,300,20", **PHONE)
    touch = page.page.context.new_cdp_session(page.page)
    x, y = page.point(360, 300)
    touch.send(
        "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
    )
    expect(page.page.locator("#pixel-panel")).to_be_visible()
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.page.locator("#pixel-title")).to_have_text("Pixel 360, 300")
    expect(page.page.locator("#confirm")).to_be_hidden()


def test_two_fingers_zoom_and_draw_nothing(open_page: OpenPage) -> None:
    page = open_page("380,300,20", **PHONE)
    page.choose("red")
    touch = page.page.context.new_cdp_session(page.page)
    for kind, gap in [("touchStart", 40), ("touchMove", 60), ("touchMove", 80)]:
        points = [{"x": 195 - gap, "y": 400, "id": 1}, {"x": 195 + gap, "y": 400, "id": 2}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_place(lambda x, y, scale: scale > 30)
    expect(page.page.locator("#confirm")).to_be_hidden()


def test_nothing_is_wider_than_the_phone(open_page: OpenPage) -> None:
    page = open_page("300,300,20", **PHONE | {"viewport": {"width": 320, "height": 640}})
    assert page.page.evaluate("document.documentElement.scrollWidth") == 320
    for name in ("#dock", ".brand", ".tools", ".corner"):
        box = page.page.locator(name).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
    state = page.page.locator("#connection-text")
    assert state.evaluate("(words) => words.scrollWidth <= words.clientWidth"), "it is cut off"


def test_a_lost_connection_finds_room_in_the_header(open_page: OpenPage) -> None:
    narrow = PHONE | {"viewport": {"width": 320, "height": 640}, "locale": "de"}
    page = open_page("300,300,20", **narrow)
    page.page.route_web_socket("**", lambda socket: socket.close())
    page.page.route("**/api/canvas/changes?*", lambda route: route.abort("connectionfailed"))
    page.page.reload()
    page.wait_state("reconnecting")
    expect(page.page.locator("#connection-wait")).to_have_text(re.compile(r"in \d+ s"))
    brand, tools = (page.page.locator(name).bounding_box() for name in (".brand", ".tools"))
    assert brand is not None
    assert tools is not None
    assert brand["x"] + brand["width"] <= tools["x"]
