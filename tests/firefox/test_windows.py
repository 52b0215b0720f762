"""Windows, letters and colours as people set them in Firefox."""

import pytest

from tests.browser.conftest import StartServer
from tests.browser.test_accessibility import AXE, RUN, SMALL
from tests.browser.test_windows import (
    BOXES,
    DEFAULT_COLORS,
    HIDDEN_COLORS,
    LOW,
    PAINTS,
    PARTS,
    SIZES,
    assert_boxes_apart,
    widen_palette,
)
from tests.firefox.canvas_page import DESKTOP, PHONE, FirefoxPage
from tests.firefox.conftest import OpenPage
from tests.firefox.firefox import Firefox

CHOOSE = """
  const choice = document.getElementById("set-language");
  choice.value = arguments[0];
  choice.dispatchEvent(new Event("change", { bubbles: true }));
"""
ZOOM = 2  # a window of this browser cannot be as narrow as a phone's


def check(page: FirefoxPage) -> None:
    page.evaluate(AXE)
    assert page.resolve(f"({RUN})()") == []
    assert page.evaluate(f"return ({SMALL})()") == []


def assert_apart(page: FirefoxPage, size: tuple[int, int] = DESKTOP) -> None:
    """Nothing that floats over the board covers another, or leaves the window."""
    boxes = page.evaluate(f"return ({BOXES})(arguments[0])", PARTS)
    assert_boxes_apart(dict(zip(PARTS, boxes, strict=True)), size)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_everyone_can_use_the_page(open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page("500,500,20", size=size)
    check(page)
    page.click("#menu-button")
    page.wait("!document.getElementById('menu-panel').hidden")
    check(page)


def test_arabic_runs_from_right_to_left(open_page: OpenPage) -> None:
    page = open_page("500,500,20")
    page.click("#menu-button")
    page.evaluate(CHOOSE, "ar")
    page.wait("document.documentElement.dir === 'rtl'")
    check(page)
    page.click("#menu-panel [data-close]")
    assert_apart(page)


@pytest.fixture(scope="module")
def of_64_colours(new_server: StartServer) -> str:
    """The address of a canvas with so many."""
    server = new_server(CANVAS_COOLDOWN_SECONDS="0")
    widen_palette(server, 64)
    return server.base_url


def test_a_large_palette_is_in_sight_and_covers_nothing(
    open_page: OpenPage, of_64_colours: str
) -> None:
    page = open_page("500,500,20", url=of_64_colours)
    page.wait("document.querySelectorAll('#colors .swatch').length === 64")
    assert page.evaluate(f"return ({HIDDEN_COLORS})()") == 0
    assert_apart(page)
    check(page)


def test_with_forced_colours_colours_and_states_are_seen(
    open_page: OpenPage, firefox: Firefox
) -> None:
    firefox.prefer("browser.display.document_color_use", 2)
    page = open_page("500,500,20")
    assert page.evaluate("return matchMedia('(forced-colors: active)').matches")
    assert len(set(page.evaluate(f"return ({PAINTS})()"))) == DEFAULT_COLORS
    page.click("#menu-button")
    on, off = (
        page.find(f"#set-{name} + i").value_of_css_property("background-color")
        for name in ("grid", "symbols")
    )
    assert on != off
    check(page)


def test_the_browsers_font_size_counts(open_page: OpenPage, firefox: Firefox) -> None:
    for script in ("x-western", "x-unicode"):
        firefox.prefer(f"font.size.variable.{script}", 32)
    page = open_page("500,500,20")
    assert page.find("#color-name").value_of_css_property("font-size") == "30px"


@pytest.mark.parametrize("size", SIZES[:4], ids=str)
def test_in_a_low_or_narrow_window_all_is_reached(
    open_page: OpenPage, size: tuple[int, int]
) -> None:
    width, height = size
    page = open_page("500,500,20", size=(width * ZOOM, height * ZOOM))
    page.inside(f"gBrowser.selectedBrowser.fullZoom = {ZOOM}")
    page.wait(f"innerWidth === {width} && innerHeight === {height}")
    assert_apart(page, size)
    check(page)
    for name in ("people", "menu"):
        page.click(f"#{name}-button")
        panel = page.find(f"#{name}-panel").rect
        if size in LOW:
            assert panel["height"] > 0.7 * height
        assert panel["x"] >= 0
        assert panel["y"] >= 0
        assert panel["x"] + panel["width"] <= width
        assert panel["y"] + panel["height"] <= height
        check(page)
        page.click(f"#{name}-panel [data-close]")
        page.wait(f"document.getElementById('{name}-panel').hidden")


def test_at_400_percent_a_panel_takes_all_of_the_window(open_page: OpenPage) -> None:
    page = open_page("500,500,20")
    page.inside("gBrowser.selectedBrowser.fullZoom = 4")
    page.wait("innerWidth === 320")
    page.click("#people-button")
    height = page.find("#people-panel").rect["height"]
    assert height > 0.7 * DESKTOP[1] / 4
