"""Painting of the board: crisp, once a frame, with a ghost of the pixel that a click draws."""

import pytest

from tests.browser.canvas_page import RED, WHITE
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.core

COLORS_AROUND = """([x, y, side]) => {
  const canvas = document.getElementById("board");
  const ratio = canvas.width / canvas.clientWidth;
  const from = (at) => Math.round((at - side / 2) * ratio);
  const size = Math.round(side * ratio);
  const { data } = canvas.getContext("2d").getImageData(from(x), from(y), size, size);
  return [canvas.width, new Set(new Uint32Array(data.buffer)).size];
}"""
# Each drawing clears the overlay once.
COUNT_DRAWINGS = """async () => {
  const stage = document.getElementById("stage");
  const overlay = document.getElementById("overlay").getContext("2d");
  let drawings = 0;
  overlay.clearRect = function (...area) {
    drawings += 1;
    return CanvasRenderingContext2D.prototype.clearRect.apply(this, area);
  };
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  await frame();
  const before = drawings;
  for (let step = 0; step < 30; step++) {
    const place = { clientX: 300 + 20 * step, clientY: 300, pointerType: "mouse", bubbles: true };
    stage.dispatchEvent(new PointerEvent("pointermove", place));
  }
  await frame();
  await frame();
  return drawings - before;
}"""


@pytest.mark.parametrize(
    ("ratio", "scale"), [(1, 1), (1, 7.3), (1.5, 1), (1.5, 7.3), (3, 2.5), (1.25, 33.3)]
)
def test_cells_are_crisp_at_every_zoom_and_pixel_ratio(
    open_page: OpenPage, site: str, ratio: float, scale: float
) -> None:
    artist = open_page("800,100,24")
    artist.draw("red", 800, 100)
    artist.wait_color(800, 100, RED)
    page = open_page(f"800,100,{scale}", device_scale_factor=ratio)
    page.page.keyboard.press("g")  # the grid is no colour of a cell
    width, colors = page.page.evaluate(COLORS_AROUND, [*page.point(800, 100), 5 * scale])
    assert width == 1280 * ratio, "one pixel of the canvas a pixel of the screen"
    assert colors == 2, "red and white, and nothing between them"


def test_many_changes_in_a_frame_are_one_drawing(open_page: OpenPage) -> None:
    page = open_page("820,100,24")
    assert page.page.evaluate(COUNT_DRAWINGS) == 1


def test_a_ghost_goes_before_the_click_and_is_not_drawn(open_page: OpenPage) -> None:
    page = open_page("840,100,24")
    page.choose("red")
    page.hover(842, 101)
    page.wait_mark(*page.point(842, 101))
    page.hover(846, 101)
    page.wait_mark(*page.point(842, 101), there=False)
    page.wait_mark(*page.point(846, 101))
    assert page.color_at(846, 101) == WHITE


def test_a_large_screen_shows_the_whole_board_as_large_as_it_can(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 3840, "height": 2160})
    assert page.page.evaluate("document.documentElement.scrollWidth") == 3840
    page.page.keyboard.press("f")
    page.wait_place(lambda x, y, scale: 1.7 < scale < 2.16)
