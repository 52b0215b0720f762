"""Low windows, zoomed pages, large palettes, large letters and forced colours."""

import json
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import CHROMIUM, FLAGS, NewContext, OpenPage, StartServer
from tests.browser.test_accessibility import check, violations
from tests.browser.test_blueprints import add, open_panel, picture
from tests.browser.test_refusals import configure
from tests.browser.test_touch import PHONE
from tests.support.processes import ServerProcess

PARTS = (".brand", ".tools", ".corner", "#dock")
SIZES = [(320, 256), (568, 320), (667, 375), (390, 844), (800, 600), (1000, 700), (1280, 720)]
LOW = SIZES[:3]
DEFAULT_COLORS = 32
BOXES = """(parts) => parts.map((part) => {
  const { left, top, right, bottom } = document.querySelector(part).getBoundingClientRect();
  return [left, top, right, bottom];
})"""
HIDDEN_COLORS = """() => {
  const palette = document.getElementById("palette").getBoundingClientRect();
  return [...document.querySelectorAll("#colors .swatch")].filter((swatch) => {
    const { left, right, top, bottom } = swatch.getBoundingClientRect();
    return left < palette.left || right > palette.right + 0.5
      || top < palette.top || bottom > palette.bottom + 0.5;
  }).length;
}"""
REACHING_OUT = """(part) => {
  const { left, right } = part.getBoundingClientRect();
  return [...part.querySelectorAll("*")].filter((element) => {
    if (!element.checkVisibility() || element.closest(".unseen, svg, canvas")) return false;
    const box = element.getBoundingClientRect();
    const cut = element.scrollWidth > element.clientWidth + 1
      && element.clientWidth > 0 && getComputedStyle(element).overflowX !== "visible";
    return box.left < left - 1 || box.right > right + 1 || (cut && !element.matches("input, bdi"));
  }).map((element) => `${element.tagName}#${element.id}.${element.className}`);
}"""
WHOLE_MOMENT = 200  # px, of 11/29/2026, 12:09:50 AM and the icon that opens the calendar
PAINTS = """() => [...document.querySelectorAll("#colors .paint")]
  .map((paint) => getComputedStyle(paint).backgroundColor)"""


def window(size: tuple[int, int], **more: Any) -> dict[str, Any]:
    return {"viewport": {"width": size[0], "height": size[1]}, **more}


def assert_apart(page: Page, parts: Sequence[str] = PARTS) -> None:
    """Nothing that floats over the board covers another, or leaves the window."""
    size = page.evaluate("[innerWidth, innerHeight]")
    assert_boxes_apart(dict(zip(parts, page.evaluate(BOXES, parts), strict=True)), size)


def assert_boxes_apart(boxes: Mapping[str, Sequence[float]], size: tuple[int, int]) -> None:
    """No box, as BOXES brings them, covers another or leaves a window of that size."""
    for name, (left, top, right, bottom) in boxes.items():
        inside = left >= 0 and top >= 0 and right <= size[0] and bottom <= size[1]
        assert inside, (name, boxes[name], size)
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, (one, a, other, b)


@pytest.mark.parametrize("size", SIZES)
def test_nothing_covers_anything(open_page: OpenPage, size: tuple[int, int]) -> None:
    assert_apart(open_page("500,500,20", **window(size)).page)


@pytest.mark.parametrize("size", LOW)
@pytest.mark.parametrize("name", ["people", "menu"])
def test_in_a_low_window_a_panel_takes_all_of_it(
    open_page: OpenPage, size: tuple[int, int], name: str
) -> None:
    open_page()  # so that two people are listed
    page = open_page("500,500,20", **window(size)).page
    page.locator(f"#{name}-button").click()
    panel = page.locator(f"#{name}-panel")
    if name == "people":
        expect(page.locator("#people-list li").nth(1)).to_be_attached()
    box = panel.bounding_box()
    assert box is not None
    assert box["height"] > 0.7 * size[1]
    last = panel.locator("#people-list li, #set-language").last
    last.evaluate("item => item.scrollIntoView()")  # at once: the list may come anew
    expect(last).to_be_in_viewport(ratio=1)
    expect(panel.locator("[data-close]")).to_be_in_viewport(ratio=1)


@pytest.fixture(scope="module", params=[64, 256])
def colorful(request: pytest.FixtureRequest, new_server: StartServer) -> tuple[str, int]:
    """The address of a canvas with many colours, and their number."""
    count: int = request.param
    server = new_server(CANVAS_COOLDOWN_SECONDS="0")
    widen_palette(server, count)
    return server.base_url, count


def widen_palette(server: ServerProcess, count: int) -> None:
    """Give the canvas so many colours."""
    more = [f"#{0x101010 + 0xE0B7 * i:06X}" for i in range(count - DEFAULT_COLORS)]
    with urllib.request.urlopen(f"{server.base_url}/api/canvas") as answer:
        palette = json.load(answer)["palette"]
    configure(server, palette=[*palette, *more])


def test_a_large_palette_is_in_sight_and_covers_nothing(
    open_page: OpenPage, colorful: tuple[str, int]
) -> None:
    site, count = colorful
    page = open_page("500,500,20", url=site, **window((1280, 800))).page
    expect(page.locator("#colors .swatch")).to_have_count(count)
    assert page.evaluate(HIDDEN_COLORS) == 0
    assert_apart(page)


def test_what_is_out_of_sight_is_reached_by_the_wheel(
    open_page: OpenPage, colorful: tuple[str, int]
) -> None:
    site, _ = colorful
    page = open_page("500,500,20", url=site, **window((700, 500))).page
    assert_apart(page)
    assert page.evaluate(HIDDEN_COLORS) > 0
    page.locator("#palette").hover()
    for _ in range(80):
        page.mouse.wheel(0, 240)
    expect(page.locator("#colors .swatch").last).to_be_in_viewport(ratio=1)


def test_a_large_palette_is_accessible(open_page: OpenPage, colorful: tuple[str, int]) -> None:
    site, count = colorful
    options = window((1280, 800), reduced_motion="reduce")
    page = open_page("500,500,20", url=site, **options).page
    assert violations(page) == []
    if count == 64:
        check(page)


def test_with_forced_colours_colours_and_states_are_seen(open_page: OpenPage) -> None:
    page = open_page("500,500,20", forced_colors="active").page
    assert len(set(page.evaluate(PAINTS))) == DEFAULT_COLORS
    page.locator("#menu-button").click()
    on, off = page.locator("#set-grid + i"), page.locator("#set-symbols + i")
    looks = [
        each.evaluate("(knob) => getComputedStyle(knob).backgroundColor") for each in (on, off)
    ]
    assert looks[0] != looks[1]
    assert off.evaluate("(knob) => getComputedStyle(knob).borderTopStyle") == "solid"


SITUATIONS = {
    "320 x 256": window((320, 256)),
    "667 x 375": window((667, 375), has_touch=True, is_mobile=True),
    "forced colours": {"forced_colors": "active"},
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_everyone_can_use_the_page_in(open_page: OpenPage, name: str) -> None:
    options = {"reduced_motion": "reduce", **SITUATIONS[name]}
    page = open_page("500,500,20", **options).page
    check(page)
    for button in ("people", "menu"):
        page.locator(f"#{button}-button").click()
        check(page)
        page.locator(f"#{button}-panel [data-close]").click()
    page.locator("#help-button").click()
    assert violations(page) == []


@pytest.fixture
def large_letters(chromium: Browser, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser whose letters are twice as large: a setting of it, not of the page."""
    preferences = tmp_path / "Default" / "Preferences"
    preferences.parent.mkdir()
    preferences.write_text(json.dumps({"webkit": {"webprefs": {"default_font_size": 32}}}))
    context = chromium.browser_type.launch_persistent_context(
        str(tmp_path), executable_path=CHROMIUM, args=FLAGS, reduced_motion="reduce"
    )
    yield context
    context.close()


@pytest.mark.parametrize("size", [(1280, 720), (390, 844), (1000, 1000)])
def test_the_browsers_font_size_counts(
    large_letters: BrowserContext, open_page: OpenPage, size: tuple[int, int]
) -> None:
    page = open_page("500,500,20", context=large_letters).page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    style = "(element) => parseFloat(getComputedStyle(element).fontSize)"
    assert page.locator("#color-name").evaluate(style) == 30
    assert_apart(page)
    check(page)
    page.locator("#menu-button").click()
    check(page)


@pytest.fixture
def large_on_a_phone(large_letters: BrowserContext, open_page: OpenPage) -> CanvasPage:
    page = open_page("500,500,20", context=large_letters)
    page.page.set_viewport_size({"width": 390, "height": 844})
    return page


def cut_off(page: Page, part: str) -> list[str]:
    """Return what is shown inside of a part of the page and reaches out of it sideways."""
    names: list[str] = page.locator(part).evaluate(REACHING_OUT)
    return names


def test_with_large_letters_a_chosen_cell_is_told_in_full(large_on_a_phone: CanvasPage) -> None:
    page = large_on_a_phone.page
    large_on_a_phone.choose("red")
    page.locator("#stage").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#confirm")).to_be_visible()
    expect(page.locator("#confirm-what")).to_have_text("red")
    assert cut_off(page, "#dock #confirm") == []
    parts = (
        "#confirm-what",
        "#confirm-where",
        "#confirm-cancel",
        "#confirm-look",
        "#confirm-place",
    )
    boxes = dict(zip(parts, page.evaluate(BOXES, parts), strict=True))
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] + 1 or b[3] <= a[1] + 1
        assert apart, (one, a, other, b)


def test_with_large_letters_panels_and_help_are_whole(large_on_a_phone: CanvasPage) -> None:
    page = large_on_a_phone.page
    page.locator("#help-button").click()
    assert cut_off(page, "#help") == []
    page.keyboard.press("Escape")
    page.locator("#menu-button").click()
    sizes = page.locator("#menu-panel .choices svg").evaluate_all(
        "(icons) => icons.filter((icon) => icon.clientWidth).map((icon) => icon.clientWidth)"
    )
    assert len(set(sizes)) == 1, sizes
    page.keyboard.press("Escape")
    page.locator("#stage").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("l")
    page.locator("#report summary").click()
    assert cut_off(page, "#pixel-panel") == []
    # The colour and its name end above the report.
    card, report = page.evaluate(BOXES, ["#pixel-color-name", "#report"])
    assert card[3] <= report[1]


def look_back(page: Page) -> None:
    """Open the past of a canvas that has one."""
    # It may have been drawn before: then it is refused, and there is a past as well.
    page.request.put(urljoin(page.url, "/api/pixel"), data={"x": 500, "y": 500, "color": "#FF0000"})
    page.locator("#stage").press("h")
    expect(page.locator("#past .past-seq")).to_contain_text("Pixel")


def test_with_large_letters_the_time_bar_is_whole(large_on_a_phone: CanvasPage) -> None:
    page = large_on_a_phone.page
    look_back(page)
    assert cut_off(page, "#past") == []
    assert_apart(page, (".brand", ".tools", ".corner", "#past"))


@pytest.mark.parametrize("size", LOW)
def test_in_a_low_window_the_time_bar_is_in_sight(
    open_page: OpenPage, size: tuple[int, int]
) -> None:
    page = open_page("500,500,20", **window(size)).page
    look_back(page)
    assert_apart(page, (".brand", ".tools", "#past"))


def lay_a_blueprint(page: Page) -> None:
    """Lay a picture, and fail where the strip lies over another part or is cut off."""
    open_panel(page)
    add(page, picture())
    page.get_by_role("button", name="Place it").click()
    for button in ("#bp-done", "#bp-next"):
        expect(page.locator(button)).to_be_visible()
        assert_apart(page, (".brand", ".tools", ".bp-strip", ".tool-buttons", ".zoom", "#dock"))
        assert page.locator(".bp-strip").evaluate("(it) => it.scrollWidth <= it.clientWidth")
        check(page)
        if button == "#bp-done":
            page.locator(button).click()


def test_with_large_letters_the_strip_covers_nothing(large_on_a_phone: CanvasPage) -> None:
    lay_a_blueprint(large_on_a_phone.page)


@pytest.mark.parametrize("size", LOW)
def test_in_a_low_window_the_strip_covers_nothing(
    open_page: OpenPage, size: tuple[int, int]
) -> None:
    lay_a_blueprint(open_page("500,500,20", **window(size, reduced_motion="reduce")).page)


@pytest.mark.parametrize("size", [(320, 568), (360, 740), (390, 844)])
def test_the_time_bar_of_a_phone_shows_moments_in_full(
    open_page: OpenPage, size: tuple[int, int]
) -> None:
    page = open_page("500,500,20", locale="en", **window(size)).page
    look_back(page)
    assert cut_off(page, "#past") == []
    now, seq = page.evaluate(BOXES, ["#past .primary", "#past .past-seq"])
    assert now[3] <= seq[1] + 1, "the button is beside the moment"
    page.locator("#past").get_by_role("button", name="Layers").click()
    expect(page.locator("#past-panel")).to_be_visible()
    for field in page.locator("input[type=datetime-local]").all():
        box = field.bounding_box()
        assert box is not None
        assert box["width"] >= WHOLE_MOMENT, box


def pinch(page: Page, at: tuple[float, float], start: float, end: float) -> None:
    """Move two fingers, each `start` and then `end` px from the middle."""
    touch = page.context.new_cdp_session(page)

    def send(kind: str, gap: float) -> None:
        fingers = [{"x": at[0] - gap, "y": at[1], "id": 1}, {"x": at[0] + gap, "y": at[1], "id": 2}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    send("touchStart", start)
    for step in range(1, 9):
        send("touchMove", start + (end - start) * step / 8)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def middle(page: Page, part: str) -> tuple[float, float]:
    box = page.locator(part).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_pinch_beside_the_board_does_not_zoom_the_page(
    open_page: OpenPage, new_context: NewContext
) -> None:
    page = open_page("500,500,20", context=new_context(**PHONE)).page
    for part in ("#dock", ".tools", "#zoom-in", "#stage"):
        pinch(page, middle(page, part), 20, 120)
        assert page.evaluate("visualViewport.scale") == 1, part


def test_a_page_that_is_zoomed_is_taken_back_by_a_pinch_on_the_board(
    open_page: OpenPage, new_context: NewContext
) -> None:
    page = open_page("500,500,20", context=new_context(**PHONE)).page
    page.evaluate("document.getElementById('dock').style.touchAction = 'auto'")
    pinch(page, middle(page, "#dock"), 20, 120)
    assert page.evaluate("visualViewport.scale") > 2
    pinch(page, (195, 300), 150, 15)
    page.wait_for_function("visualViewport.scale === 1")
