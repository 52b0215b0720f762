"""Blueprints as they are painted: each mode, opacity, one colour alone; and moved by hand."""

import io
from collections.abc import Sequence

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.canvas_page import RED, CanvasPage
from tests.browser.conftest import OpenPage
from tests.browser.test_blueprints import (
    NAVY,
    add,
    close_panel_at,
    lay,
    open_own,
    open_panel,
    picture,
    place,
    wait_shown,
)
from tests.browser.test_touch import PHONE
from tests.browser.waiting import wait_until

SIDE = 20  # device pixels a cell
CLEAR = (0, 0, 0, 0)
BLACK, WHITE = (0, 0, 0, 255), (255, 255, 255, 255)
Pixel = tuple[int, ...]

# Reads what the blueprints show of a cell, from its upper left corner on the screen.
READ_CELL = """([x, y, side]) => {
  const canvas = document.getElementById("blueprints");
  const { left, top, width } = canvas.getBoundingClientRect();
  const ratio = canvas.width / width;
  const at = [Math.round((x - left) * ratio), Math.round((y - top) * ratio)];
  return [...canvas.getContext("2d").getImageData(...at, side, side).data];
}"""


def cell(page: CanvasPage, x: int, y: int) -> list[Pixel]:
    """Return the pixels of a cell, row by row."""
    left, top = page.point(x, y)
    found = page.page.evaluate(READ_CELL, [left - SIDE / 2, top - SIDE / 2, SIDE])
    return [tuple(found[at : at + 4]) for at in range(0, len(found), 4)]


def shares(pixels: Sequence[Pixel]) -> dict[Pixel, int]:
    return {each: pixels.count(each) for each in set(pixels)}


def test_each_mode_paints_what_it_says(open_page: OpenPage) -> None:
    at = "210,300,20"
    page = open_own(open_page, at)
    page.draw("red", 209, 299)
    page.draw("orange", 210, 299)
    page.wait_color(209, 299, RED)
    lay(page.page, picture())
    open_panel(page.page)
    place(page, 209, 299)  # red above, navy below, four columns
    close_panel_at(page, at)
    right, wrong, missing, below = (209, 299), (210, 299), (211, 299), (211, 300)
    red, navy = (*RED, 255), (*NAVY, 255)
    whole = SIDE * SIDE

    def show(mode: str) -> None:
        open_panel(page.page)
        page.page.locator(".bp-work select").select_option(mode)
        close_panel_at(page, at)

    def painted(x: int, y: int) -> dict[Pixel, int]:
        return shares(cell(page, x, y))

    def becomes(spot: tuple[int, int], wanted: dict[Pixel, int]) -> None:
        wait_until(page.page, lambda: painted(*spot) == wanted, lambda: f"{painted(*spot)}")

    show("full")
    becomes(missing, {red: whole})
    assert [painted(*spot) for spot in (right, wrong, below)] == [
        {red: whole},
        {red: whole},
        {navy: whole},
    ]
    show("dots")
    dot = round(SIDE / 3) ** 2
    becomes(missing, {red: dot, CLEAR: whole - dot})
    assert painted(*right) == {red: dot, CLEAR: whole - dot}
    assert painted(*below) == {navy: dot, CLEAR: whole - dot}
    assert cell(page, *missing)[SIDE * SIDE // 2 + SIDE // 2] == red, "it is in the middle"
    show("wrong")
    becomes(right, {CLEAR: whole})
    assert [painted(*spot) for spot in (wrong, missing)] == [{red: whole}, {red: whole}]
    show("signs")
    becomes(right, {CLEAR: whole})
    wait_until(page.page, lambda: CLEAR in painted(*missing), "no sign is painted")
    signs = [cell(page, *spot) for spot in (missing, below)]
    for sign, color in zip(signs, (red, navy), strict=True):
        assert set(sign) - {CLEAR, BLACK, WHITE} == {color}, "a plate of its colour"
        assert set(sign) & {BLACK, WHITE}, "with ink"
    inks = [[each in (BLACK, WHITE) for each in sign] for sign in signs]
    assert inks[0] != inks[1], "two colours have two signs"
    assert cell(page, *wrong) == signs[0], "a colour has one sign"
    show("outline")
    becomes(below, {BLACK: SIDE, WHITE: SIDE, CLEAR: whole - 2 * SIDE})
    lines = cell(page, *below)
    assert set(lines[:SIDE]) == {BLACK}
    assert set(lines[SIDE : 2 * SIDE]) == {WHITE}

    show("full")
    open_panel(page.page)
    page.page.locator(".bp-work").get_by_label("Opacity").fill("50")
    page.page.keyboard.press("Escape")
    what = "half of it shows through"
    half = tuple((one + 255) // 2 for one in NAVY)
    wait_until(page.page, lambda: near(on_screen(page, *below), half), what)
    open_panel(page.page)
    page.page.locator(".bp-work").get_by_label("Opacity").fill("100")
    page.page.get_by_role("button", name="navy: 4 left").click()
    close_panel_at(page, at)
    wait_shown(page, *missing, list(CLEAR))
    wait_shown(page, *below, [*NAVY, 255])


def on_screen(page: CanvasPage, x: int, y: int) -> Pixel:
    """Return the colour that a person sees in the middle of a cell."""
    left, top = page.point(x, y)
    shot = page.page.screenshot(clip={"x": left, "y": top, "width": 1, "height": 1})
    found = Image.open(io.BytesIO(shot)).convert("RGB").getpixel((0, 0))
    assert isinstance(found, tuple)
    return found


def near(one: Pixel, other: Pixel) -> bool:
    return all(abs(a - b) <= 2 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("hand", ["mouse", "finger"])
def test_a_blueprint_lands_where_it_is_dropped(open_page: OpenPage, hand: str) -> None:
    options = PHONE if hand == "finger" else {}
    page = open_own(open_page, "300,300,10", **options)
    open_panel(page.page)
    add(page.page, picture())
    page.page.get_by_role("button", name="Place it").click()
    page.wait_place(lambda _x, _y, zoom: zoom > 10)  # it is shown as a whole
    strip = page.page.locator(".bp-strip")
    expect(strip).to_contain_text("298, 299")
    view = page.page.evaluate("location.hash")
    start, end = page.point(299, 300), page.point(306, 295)
    if hand == "mouse":
        page.page.mouse.move(*start)
        page.page.mouse.down()
        page.page.mouse.move(*end, steps=7)
        page.page.mouse.up()  # without a pause: the last movement has had no frame yet
    else:
        swipe(page.page, start, end)
    expect(strip).to_contain_text("305, 294")
    page.page.locator("#bp-done").click()
    for x in (305, 308):
        wait_shown(page, x, 294, [*RED, 255])
        wait_shown(page, x, 295, [*NAVY, 255])
    for x, y in ((304, 294), (309, 294), (305, 293), (305, 296)):
        wait_shown(page, x, y, list(CLEAR))
    assert page.page.evaluate("location.hash") == view, "the board stood still"
    page.page.reload()
    wait_shown(page, 305, 295, [*NAVY, 255])


def swipe(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag with one finger, and lift it while it still moves."""
    touch = page.context.new_cdp_session(page)
    for step in range(8):
        part = step / 7
        at = {
            "x": start[0] + (end[0] - start[0]) * part,
            "y": start[1] + (end[1] - start[1]) * part,
        }
        kind = "touchMove" if step else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_next_goes_to_any_wrong_cell_and_to_those_of_the_held_colour(open_page: OpenPage) -> None:
    page = open_own(open_page, "360,300,20")
    lay(page.page, picture(columns=12))
    page.page.locator("#stage").focus()
    said = page.page.locator("#said")
    heard: set[str] = set()
    for _ in range(12):  # each of 24 cells as likely: the same one twelve times comes to nobody
        page.page.keyboard.press("Shift+R")
        expect(said).to_contain_text("Next missing:")
        heard.add(said.inner_text())
    assert len(heard) > 2, heard
    assert {each.rpartition(" ")[2] for each in heard} <= {"red", "navy"}

    open_panel(page.page)
    page.page.get_by_text("The hand takes the blueprint's colour").click()
    page.page.get_by_text("Next cell of the held colour only").click()
    page.page.keyboard.press("Escape")
    page.page.locator("#stage").focus()
    for color in ("navy", "red"):
        page.choose(color)
        page.page.locator("#stage").focus()
        page.page.keyboard.press("r")
        expect(said).to_contain_text(f", {color}")
        for _ in range(3):
            page.page.keyboard.press("Shift+R")
            expect(said).to_contain_text(f", {color}")
    page.choose("yellow")
    page.page.locator("#stage").focus()
    page.page.keyboard.press("r")
    expect(page.toast).to_have_text("Nothing is wrong or missing in these colours.")
