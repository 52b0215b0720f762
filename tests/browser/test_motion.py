"""Motion without a pointer: a flick glides on, and nothing moves with reduced motion."""

import pytest

from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import OpenPage


def flick(page: CanvasPage) -> None:
    """Drag a hundred pixels to the left and let go on the move."""
    page.page.mouse.move(640, 300)
    page.page.mouse.down()
    for x in range(620, 539, -20):
        page.page.mouse.move(x, 300)
    page.page.mouse.up()


def test_a_flick_glides_on(open_page: OpenPage) -> None:
    page = open_page("300,500,20")
    for dragged in range(305, 351, 5):  # on a busy machine the moves may come too late for one
        flick(page)
        page.page.wait_for_timeout(1500)
        place: str = page.page.evaluate("location.hash.slice(1)")
        if float(place.split(",")[0]) > dragged + 1:
            return
    raise AssertionError("ten flicks, and none glided on")


# Tells the stage of a drag to the left by 100 px, all at once, as a page that was busy is told.
LATE = """(times) => {
  const stage = document.getElementById("stage");
  const began = performance.now() - 1000;
  const tell = (type, x, ms) => {
    const button = type === "pointermove" ? -1 : 0;
    const options = { pointerId: 1, pointerType: "mouse", clientX: x, clientY: 300, button };
    const event = new PointerEvent(type, { ...options, bubbles: true, cancelable: true });
    Object.defineProperty(event, "timeStamp", { value: began + ms });
    stage.dispatchEvent(event);
  };
  tell("pointerdown", 640, 0);
  for (let step = 1; step <= 5; step++) tell("pointermove", 640 - 20 * step, 10 * step);
  tell("pointerup", 540, times.up);
}"""


@pytest.mark.parametrize(("up", "glides"), [(450, False), (60, True)])
def test_when_a_drag_was_let_go_counts_not_when_the_page_is_told(
    open_page: OpenPage, up: int, glides: bool
) -> None:
    page = open_page("300,500,20")
    page.page.mouse.move(640, 300)  # capture wants a pointer that the browser knows
    page.page.evaluate(LATE, {"up": up})
    page.page.wait_for_timeout(1500)
    page.wait_place(lambda x, y, scale: (x > 306) if glides else (x == 305))


def test_with_reduced_motion_nothing_moves_by_itself(open_page: OpenPage) -> None:
    page = open_page("300,500,20", reduced_motion="reduce")
    flick(page)
    page.page.wait_for_timeout(300)
    page.wait_place(lambda x, y, scale: x == 305)
    page.page.mouse.wheel(0, -100)
    page.page.wait_for_function(
        "document.getElementById('zoom').textContent === '25×'", polling="raf"
    )
    page.page.locator("#menu-button").click()
    assert page.page.evaluate("document.getAnimations().length") == 0
