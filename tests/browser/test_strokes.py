"""Strokes: a drag with a colour held, staged before it goes, by mouse, finger and keys."""

import pytest
from playwright.sync_api import expect

from tests.browser.canvas_page import RED, WHITE, CanvasPage
from tests.browser.conftest import OpenPage, StartServer
from tests.browser.test_refusals import configure
from tests.browser.test_touch import PHONE

pytestmark = pytest.mark.core


def stroke(page: CanvasPage, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Draw with one finger, in one gesture."""
    touch = page.page.context.new_cdp_session(page.page)
    (x0, y0), (x1, y1) = page.point(*start), page.point(*end)
    for step in range(26):
        part = step / 25
        point = {"x": x0 + (x1 - x0) * part, "y": y0 + (y1 - y0) * part}
        kind = "touchMove" if step else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    # A hand is slower: Chromium makes no click of a tap that follows a swipe at once.
    page.page.wait_for_timeout(500)


def drawn(page: CanvasPage, y: int, columns: range) -> list[int]:
    """Return the columns of a row that are red."""
    return [x for x in columns if page.color_at(x, y) == RED]


def test_twenty_pixels_in_one_gesture_on_a_phone(open_page: OpenPage) -> None:
    page = open_page("100,700,16", **PHONE)
    page.choose("red")
    page.page.get_by_role("button", name="Draw by dragging").tap()
    stroke(page, (91, 698), (110, 698))
    expect(page.page.locator("#staged-count")).to_have_text("20 pixels chosen")
    assert drawn(page, 698, range(89, 113)) == [], "nothing is sent yet"
    page.wait_mark(*page.point(91, 698))
    page.page.get_by_role("button", name="Draw", exact=True).tap()
    expect(page.toast).to_have_text("20 pixels drawn.")  # one after the other
    expect(page.page.locator("#staged")).to_be_hidden()
    assert drawn(page, 698, range(89, 113)) == list(range(91, 111))
    assert page.page.evaluate("location.hash") == "#100,700,16", "the view stood still"


def test_a_stroke_can_be_let_go_and_taken_back(open_page: OpenPage) -> None:
    page = open_page("100,720,16", **PHONE)
    page.choose("red")
    page.page.get_by_role("button", name="Draw by dragging").tap()
    for y in (718, 722):
        stroke(page, (95, y), (99, y))
    expect(page.page.locator("#staged-count")).to_have_text("10 pixels chosen")
    page.page.get_by_role("button", name="Take back your last pixel").tap()
    expect(page.page.locator("#staged-count")).to_have_text("5 pixels chosen")
    page.page.get_by_role("button", name="Let go of these pixels").tap()
    expect(page.page.locator("#staged")).to_be_hidden()
    assert [drawn(page, y, range(94, 101)) for y in (718, 722)] == [[], []]


def test_the_quick_mode_draws_by_one_tap_and_stays(open_page: OpenPage) -> None:
    page = open_page("100,740,16", **PHONE)
    page.choose("red")
    page.page.get_by_role("button", name="Draw at once").tap()
    page.tap(102, 738)
    page.wait_color(102, 738, RED)
    expect(page.page.locator("#confirm")).to_be_hidden()
    page.page.reload()
    page.wait_state("live")
    expect(page.page.get_by_role("button", name="Draw at once")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.page.get_by_role("button", name="Draw by dragging").tap()
    stroke(page, (95, 742), (97, 742))
    for x in (95, 96, 97):
        page.wait_color(x, 742, RED)


def test_a_mouse_draws_strokes_and_shift_moves_the_view(open_page: OpenPage) -> None:
    page = open_page("100,760,16")
    page.choose("red")
    page.page.get_by_role("button", name="Draw by dragging").click()
    page.drag((95, 758), (99, 762))
    expect(page.page.locator("#staged-count")).to_have_text("5 pixels chosen")
    page.click(105, 758)
    expect(page.page.locator("#staged-count")).to_have_text("6 pixels chosen")
    page.page.keyboard.down("Shift")
    page.drag((90, 758), (95, 758))
    page.page.keyboard.up("Shift")
    page.wait_place(lambda x, y, scale: x == 95)
    page.page.locator("#staged-go").click()
    expect(page.toast).to_have_text("6 pixels drawn.")
    for step in range(5):
        page.wait_color(95 + step, 758 + step, RED)


def test_keys_draw_a_stroke(open_page: OpenPage) -> None:
    page = open_page("100,780,16")
    press = page.page.keyboard.press
    for key in ("9", "b", "ArrowRight", "Space", "ArrowRight", "ArrowRight", "ArrowDown", "Space"):
        press(key)
    expect(page.page.locator("#said")).to_have_text("4 pixels chosen")
    press("Enter")
    expect(page.toast).to_have_text("4 pixels drawn.")
    for x, y in [(100, 780), (101, 780), (102, 780), (102, 781)]:
        page.wait_color(x, y, RED)


def test_saved_charges_go_at_once_the_rest_later_and_what_is_left_can_be_let_go(
    open_page: OpenPage, new_server: StartServer
) -> None:
    server = new_server(CANVAS_COOLDOWN_SECONDS="30")
    configure(server, charges=3, protected=[[41, 50, 1, 1]])
    page = open_page("50,50,20", url=server.base_url)
    page.choose("red")
    page.page.keyboard.press("b")
    page.drag((40, 50), (45, 50))
    page.page.locator("#staged-go").click()
    expect(page.toast).to_contain_text("protected")
    for x in (40, 42, 43):
        page.wait_color(x, 50, RED)
    expect(page.page.locator("#staged-count")).to_have_text("2 pixels left to draw")
    expect(page.page.locator("#turn")).to_contain_text("Wait")
    page.page.keyboard.press("Escape")
    expect(page.page.locator("#staged")).to_be_hidden()
    assert [page.color_at(x, 50) for x in (41, 44, 45)] == [WHITE] * 3
