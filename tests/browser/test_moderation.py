"""The moderator's page of a canvas: select an area, list its drawers, try, revert and undo."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.canvas_page import RED, WHITE
from tests.browser.conftest import OpenPage, StartServer
from tests.support.processes import manage

PASSWORD = "a password for a moderator"
PREPARE = f"""
from django.contrib.auth.models import Group, User
from accounts.people import Person
from canvas.domain.rules import Draw
from canvas.ledger.placing import Order
from canvas.services import configure, place
configure("main", {{"width": 100, "height": 100}})
mo = User.objects.create_user("mo", password={PASSWORD!r}, is_staff=True)
mo.groups.add(Group.objects.get(name="moderator"))
vandal = Person("guest:00000000deadbeef", "Vandal", True)
artist = Person("guest:00000000c0ffee00", "Artist", True)
red = [Order(vandal, Draw(x, y, "#FF0000")) for x in range(10, 20) for y in range(10, 20)]
place("main", [*red, Order(artist, Draw(12, 12, "#1F5FD0"))])
"""


@pytest.fixture(scope="module")
def site(new_server: StartServer) -> str:
    server = new_server(CANVAS_COOLDOWN_SECONDS="0")
    manage("shell", "-c", PREPARE, environment=server.environment)
    return server.base_url


@pytest.fixture
def desk(site: str, new_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """The moderator's browser on the page of the canvas; it reports no error."""
    page = new_context(viewport={"width": 1200, "height": 1600}).new_page()
    errors: list[str] = []
    page.on("console", lambda said: errors.append(f"{said.text} {said.location['url']}"))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{site}/admin/moderation/operation/canvas/main/")
    page.fill("#id_username", "mo")
    page.fill("#id_password", PASSWORD)
    page.click("input[type=submit]")
    page.wait_for_selector("[data-area-frame]")
    yield page
    icon = f"{site}/favicon.ico"  # browsers ask for one where the admin's pages name none
    assert [error for error in errors if icon not in error] == []


def area(page: Page) -> list[str]:
    return [page.input_value(f"#id_{side}") for side in ("x", "y", "width", "height")]


def drag(page: Page, start: tuple[int, int], end: tuple[int, int]) -> None:
    box = page.locator("[data-area-board]").bounding_box()
    assert box is not None
    (left, top), (right, bottom) = (
        (box["x"] + (x + 0.5) * box["width"] / 100, box["y"] + (y + 0.5) * box["height"] / 100)
        for x, y in (start, end)
    )
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(right, bottom, steps=3)
    page.mouse.up()


def test_dragging_selects_and_the_numbers_agree(desk: Page) -> None:
    drag(desk, (29, 24), (5, 5))
    assert area(desk) == ["5", "5", "25", "20"]
    drag(desk, (95, 95), (99, 99))
    assert area(desk) == ["95", "95", "5", "5"]


def test_numbers_alone_select(desk: Page) -> None:
    for side, value in {"x": 10, "y": 20, "width": 30, "height": 40}.items():
        desk.fill(f"#id_{side}", str(value))
    frame = desk.locator("[data-area-frame]").evaluate(
        "({ style }) => [style.left, style.top, style.width, style.height]"
    )
    assert frame == ["10%", "20%", "30%", "40%"]


def test_zooming_makes_a_cell_large_enough_to_hit(desk: Page) -> None:
    drag(desk, (50, 50), (51, 51))
    desk.get_by_role("button", name="Zoom to the selection").click()
    box = desk.locator("[data-area-board]").bounding_box()
    assert box
    assert box["width"] / 100 >= 30, "pixels a cell"
    frame = desk.locator("[data-area-frame]")
    expect(frame).to_be_in_viewport()
    drag(desk, (52, 52), (54, 53))
    assert area(desk) == ["52", "52", "3", "2"]
    for _ in range(6):
        desk.get_by_role("button", name="Zoom out").click()
    drag(desk, (5, 5), (9, 9))
    assert area(desk) == ["5", "5", "5", "5"]


def test_a_place_of_an_address_is_in_view_and_leads_to_the_canvas(desk: Page) -> None:
    desk.goto(f"{desk.url.partition('?')[0]}?x=90&y=90&width=2&height=2")
    expect(desk.locator("[data-area-frame]")).to_be_in_viewport(ratio=1)
    link = desk.get_by_role("link", name="Open on the canvas")
    assert (link.get_attribute("href") or "").endswith("/c/main/#91,91,24")


def test_no_page_is_wider_than_a_phone(desk: Page, site: str) -> None:
    desk.set_viewport_size({"width": 390, "height": 800})
    for address in (desk.url, f"{desk.url.partition('?')[0]}?x=0&y=0&width=30&height=30"):
        desk.goto(address)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert desk.evaluate(wide) <= 0


def test_a_revert_is_tried_confirmed_seen_by_everyone_and_undone(
    desk: Page, open_page: OpenPage, site: str
) -> None:
    watcher = open_page("15,15,20", url=site)
    watcher.wait_color(15, 15, RED)
    drag(desk, (5, 5), (29, 29))
    desk.get_by_role("button", name="Who drew here").click()
    desk.get_by_role("checkbox", name="revert Vandal").check()
    desk.fill("#id_reason", "vandalism")
    desk.get_by_role("button", name="Revert: dry run").click()
    expect(desk.locator("#cells")).to_have_text("99")
    desk.get_by_role("button", name="Revert 99 pixels").click()
    expect(desk.locator("#state")).to_have_text("Done")
    watcher.wait_color(15, 15, WHITE)
    assert watcher.color_at(12, 12) not in (RED, WHITE)
    desk.get_by_label("Reason to undo this").fill("a mistake")
    desk.get_by_role("button", name="Undo").click()
    expect(desk.locator("#state")).to_have_text("Done")
    watcher.wait_color(15, 15, RED)


def test_the_overview_renews_itself_and_leaves_the_focus(desk: Page, site: str) -> None:
    desk.clock.install()
    desk.goto(f"{site}/admin/moderation/operation/overview/")
    seq = desk.locator("[data-live] tr", has=desk.get_by_role("rowheader", name="main")).locator(
        "td:nth-of-type(2)"
    )
    before = int(seq.inner_text())
    desk.get_by_role("link", name="Home").focus()
    pixel = {"x": 1, "y": 1, "color": "#FF0000"}
    assert desk.request.put(f"{site}/api/pixel", data=pixel, headers=tokens(desk)).ok
    desk.clock.run_for(11_000)
    expect(seq).to_have_text(str(before + 1))
    expect(desk.get_by_role("link", name="Home")).to_be_focused()


def tokens(page: Page) -> dict[str, str]:
    """Return the headers that a logged-in browser's request needs."""
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    return {"X-CSRFToken": cookies["csrftoken"], "Referer": page.url}
