"""Aids: grid, signs for colours, minimap. Each can be switched, and stays so."""

from playwright.sync_api import expect

from tests.browser.canvas_page import RED, CanvasPage
from tests.browser.conftest import OpenPage

COLORS_IN = """([left, top, size]) => {
  const context = document.getElementById("board").getContext("2d");
  const { data } = context.getImageData(left, top, size, size);
  return new Set(new Uint32Array(data.buffer)).size;
}"""


def colors_in(page: CanvasPage, x: int, y: int) -> int:
    """Return the number of colours that are painted within a cell of 32 pixels."""
    left, top = page.point(x, y)
    found: int = page.page.evaluate(COLORS_IN, [left - 14, top - 14, 28])
    return found


def test_signs_tell_similar_colours_apart(open_page: OpenPage) -> None:
    page = open_page("20,800,32")
    page.draw("red", 20, 800)
    page.wait_color(20, 800, RED)
    assert colors_in(page, 20, 800) == 1
    page.page.keyboard.press("n")
    page.page.wait_for_function(COLORS_IN.replace("size;", "size > 1;"), arg=[626, 346, 28])
    assert colors_in(page, 21, 800) == 1, "the background has no sign"
    expect(page.page.get_by_role("radio", name="red", exact=True)).to_have_text("9")
    page.page.reload()
    page.wait_state("live")
    page.page.wait_for_function(COLORS_IN.replace("size;", "size > 1;"), arg=[626, 346, 28])


def test_the_grid_shows_from_a_zoom_on(open_page: OpenPage) -> None:
    page = open_page("60,800,20")
    x, y = page.point(60, 800)
    corner = x - 10, y - 5
    page.wait_mark(*corner)
    page.page.keyboard.press("g")
    page.wait_mark(*corner, there=False)
    page.page.keyboard.press("g")
    page.wait_mark(*corner)
    for _ in range(4):
        page.page.keyboard.press("q")
    page.wait_place(lambda x, y, scale: scale < 5)
    for column in range(20):
        assert not page.mark_on_screen(x - column, y)


def test_the_minimap_leads_to_a_place(open_page: OpenPage) -> None:
    page = open_page("500,500,20")
    box = page.page.locator("#minimap canvas").bounding_box()
    assert box is not None
    page.page.mouse.click(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.2)
    page.wait_place(lambda x, y, scale: abs(x - 800) < 10 and abs(y - 200) < 10)
    page.page.keyboard.press("m")
    expect(page.page.locator("#minimap")).to_be_hidden()
