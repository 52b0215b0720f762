"""Motion without a pointer: a flick glides on, and nothing moves with reduced motion."""

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
