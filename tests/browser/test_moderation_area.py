"""The picture of a large canvas in the moderator's page: zoomed and moved, with exact cells."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import StartServer
from tests.browser.test_touch import PHONE
from tests.browser.test_windows import pinch
from tests.browser.waiting import wait_until
from tests.support.processes import manage

SIDE = 4096  # cells
PASSWORD = "a password for a moderator"
PREPARE = f"""
from django.contrib.auth.models import Group, User
from canvas.models import Canvas
Canvas.objects.create(slug="large", width={SIDE}, height={SIDE})
User.objects.create_user("mo", password={PASSWORD!r}, is_staff=True).groups.add(
    Group.objects.get(name="moderator"))
"""
BOX = """() => {
  const { left, top, width } = document.querySelector("[data-area-board]").getBoundingClientRect();
  return [left, top, width];
}"""
CELL = 20  # CSS pixels, from which on a hand hits it

OpenArea = Callable[..., Page]


@pytest.fixture(scope="module")
def large(new_server: StartServer) -> str:
    server = new_server(CANVAS_COOLDOWN_SECONDS="0")
    manage("shell", "-c", PREPARE, environment=server.environment)
    return server.base_url


@pytest.fixture
def open_area(large: str, new_context: Callable[..., BrowserContext]) -> Iterator[OpenArea]:
    errors: list[str] = []

    def open_it(**options: object) -> Page:
        page = new_context(**options).new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{large}/admin/moderation/operation/canvas/large/")
        page.fill("#id_username", "mo")
        page.fill("#id_password", PASSWORD)
        page.click("input[type=submit]")
        page.locator("[data-area-view].live").scroll_into_view_if_needed()
        return page

    yield open_it
    assert errors == []


def area(page: Page) -> list[int]:
    return [int(page.input_value(f"#id_{side}") or 0) for side in ("x", "y", "width", "height")]


def scale(page: Page) -> float:
    """Return the CSS pixels a cell."""
    width: float = page.evaluate(BOX)[2]
    return width / SIDE


def point(page: Page, x: int, y: int) -> tuple[float, float]:
    """Return the middle of a cell on the screen, by where the picture is."""
    left, top, width = page.evaluate(BOX)
    return left + (x + 0.5) * width / SIDE, top + (y + 0.5) * width / SIDE


def middle(page: Page) -> tuple[float, float]:
    box = page.locator("[data-area-view]").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def cell_at(page: Page, at: tuple[float, float]) -> tuple[int, int]:
    left, top, width = page.evaluate(BOX)
    return int((at[0] - left) / width * SIDE), int((at[1] - top) / width * SIDE)


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=5)
    page.mouse.up()


def select_exactly(page: Page, x: int, y: int) -> None:
    """Drag over three cells in width and two in height, and read their numbers."""
    drag(page, point(page, x + 2, y + 1), point(page, x, y))
    assert area(page) == [x, y, 3, 2]
    page.mouse.click(*point(page, x, y))
    assert area(page) == [x, y, 1, 1]


def test_the_wheel_zooms_about_the_pointer_and_a_drag_takes_exact_cells(
    open_area: OpenArea,
) -> None:
    page = open_area()
    assert scale(page) < 0.3, "the whole canvas is in view at first"
    x, y = middle(page)
    at = (round(x) + 90, round(y) - 60)
    under = cell_at(page, at)
    page.mouse.move(*at)
    for _ in range(25):
        page.mouse.wheel(0, -120)
    wait_until(page, lambda: scale(page) >= CELL, "it is not zoomed")
    now = cell_at(page, at)
    off = max(abs(one - other) for one, other in zip(now, under, strict=True))
    assert off <= 4, "what was under the pointer stays there, to a screen pixel of the whole canvas"
    select_exactly(page, *now)
    for _ in range(40):
        page.mouse.wheel(0, 120)
    wait_until(page, lambda: scale(page) < 0.3, "it does not come back to the whole canvas")
    assert area(page)[2:] == [1, 1], "zooming selects nothing"


@pytest.mark.parametrize("hand", ["shift", "middle button"])
def test_a_mouse_moves_the_picture(open_area: OpenArea, hand: str) -> None:
    page = open_area()
    for side, value in {"x": 4000, "y": 4001, "width": 2, "height": 2}.items():
        page.fill(f"#id_{side}", str(value))
    page.get_by_role("button", name="Zoom to the selection").click()
    assert scale(page) >= CELL
    expect(page.locator("[data-area-frame]")).to_be_in_viewport(ratio=1)
    x, y = middle(page)
    left, top, _ = page.evaluate(BOX)
    if hand == "shift":
        page.keyboard.down("Shift")
        drag(page, (x, y), (x + 80, y + 50))
        page.keyboard.up("Shift")
    else:
        page.mouse.move(x, y)
        page.mouse.down(button="middle")
        page.mouse.move(x + 80, y + 50, steps=5)
        page.mouse.up(button="middle")
    assert page.evaluate(BOX)[:2] == pytest.approx([left + 80, top + 50], abs=0.1)
    assert area(page) == [4000, 4001, 2, 2]
    select_exactly(page, 3998, 3999)


def test_keys_zoom_and_move_the_picture(open_area: OpenArea) -> None:
    page = open_area()
    page.locator("[data-area-view]").focus()
    for _ in range(8):
        page.keyboard.press("+")
    assert scale(page) >= CELL
    left, top, _ = page.evaluate(BOX)
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    assert page.evaluate(BOX)[:2] == pytest.approx([left - 120, top - 60], abs=0.1)
    select_exactly(page, *cell_at(page, middle(page)))
    page.keyboard.press("-")
    assert scale(page) < 2 * CELL
    page.locator("[data-area-view]").press("0")
    assert scale(page) < 0.3


def test_fingers_zoom_and_move_and_one_takes_exact_cells(open_area: OpenArea) -> None:
    page = open_area(**PHONE)
    at = middle(page)
    page.fill("#id_x", "7")
    for _ in range(3):
        pinch(page, at, 15, 120)
    wait_until(page, lambda: scale(page) >= CELL, "it is not zoomed")
    assert page.evaluate("visualViewport.scale") == 1
    assert page.input_value("#id_x") == "7", "two fingers select nothing"
    x, y = cell_at(page, at)
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: tuple[float, float]) -> None:
        fingers = [{"x": left, "y": top, "id": i} for i, (left, top) in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    send("touchStart", point(page, x, y))
    send("touchMove", point(page, x + 1, y + 1))
    send("touchMove", point(page, x + 2, y + 3))
    send("touchEnd")
    wait_until(page, lambda: area(page) == [x, y, 3, 4], lambda: f"{area(page)}, not {x}, {y}")
    left, top, _ = page.evaluate(BOX)
    one, two = (at[0] - 40, at[1]), (at[0] + 40, at[1])
    send("touchStart", one, two)
    for step in range(1, 6):
        send("touchMove", *((px + 8 * step, py + 6 * step) for px, py in (one, two)))
    send("touchEnd")
    moved = [left + 40, top + 30]
    wait_until(
        page,
        lambda: bool(page.evaluate(BOX)[:2] == pytest.approx(moved, abs=2)),
        lambda: f"it is at {page.evaluate(BOX)}, not {moved}",
    )
    assert area(page) == [x, y, 3, 4]
