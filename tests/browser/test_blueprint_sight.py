"""A blueprint that is opened, and its next cell, lie where nothing of the page covers them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import NewContext, OpenPage
from tests.browser.test_blueprint_newcomer import SIDE, flag, shared
from tests.browser.test_blueprints import add, open_own, open_panel
from tests.browser.test_touch import PHONE
from tests.browser.test_windows import large_letters  # noqa: F401  # a fixture
from tests.browser.waiting import wait_until

LEFT, TOP = 840, 870
MIDDLE = f"{LEFT + SIDE // 2},{TOP + SIDE // 2}"
PHONES = {"a phone": (390, 844), "a small one": (360, 640), "a low one": (640, 360)}
# Names the parts of the page that lie over some cells' middles; `#stage` is the board.
COVERS = """(spots) => [...new Set(spots.map(([x, y]) => {
  const part = document.elementFromPoint(x, y);
  return part?.closest("#stage") ? "#stage" : part?.className ?? "out of sight";
}))]"""


@pytest.fixture(scope="module")
def link(chromium: Browser, site: str) -> Iterator[str]:
    """The link to a blueprint of 20 x 20 that is saved on the site."""
    contexts: list[BrowserContext] = []

    def open_page(at: str, *, url: str, **options: Any) -> CanvasPage:
        contexts.append(chromium.new_context(service_workers="block", **options))
        page = CanvasPage(contexts[-1].new_page(), url, at)
        page.open()
        return page

    yield shared(open_page, site, "Tilda", LEFT, TOP)
    for each in contexts:
        each.close()


def phone(size: tuple[int, int]) -> dict[str, Any]:
    return PHONE | {"viewport": {"width": size[0], "height": size[1]}}


def assert_seen(page: CanvasPage, left: int, top: int, wide: int = SIDE, high: int = SIDE) -> None:
    """Nothing lies over the corners or the middle of an area; the address is written a bit late."""
    columns = (left, left + wide // 2, left + wide - 1)
    rows = (top, top + high // 2, top + high - 1)
    covers: list[str] = []
    for _ in range(40):
        page.wait_place(lambda *_: True)
        spots = [page.point(x, y) for x in columns for y in rows]
        covers = page.page.evaluate(COVERS, [list(spot) for spot in spots])
        if covers == ["#stage"]:
            return
        page.page.wait_for_timeout(50)
    raise AssertionError(f"{covers} lie over it at {page._at}")


def follow(page: CanvasPage, link: str) -> None:
    page.page.goto(link)
    page.wait_state("live")
    expect(page.page.locator(".bp-strip")).to_contain_text("120 left")


@pytest.mark.parametrize("name", PHONES)
def test_a_linked_one_is_in_sight_and_stays_there(
    open_page: OpenPage, link: str, name: str
) -> None:
    page = open_own(open_page, "500,500,20", **phone(PHONES[name]))
    follow(page, link)
    assert_seen(page, LEFT, TOP)
    page.page.wait_for_function("() => location.search.includes('t=')")
    page.wait_place(lambda *_: True)
    address, place = page.page.url, page._at
    # The page's own link is a view: it leads to the same one, and nothing moves it again.
    page.page.goto("about:blank")
    follow(page, address)
    expect(page.toast).to_contain_text("lies on the board")
    page.page.wait_for_timeout(500)  # after which the address would have been written anew
    page.wait_place(lambda *_: True)
    assert page._at == place
    # The next cell is brought where it can be seen, too.
    for _ in range(2):
        page.page.locator("#bp-next").tap()
        x, y = page.page.locator("#confirm-where").inner_text().split(", ")
        assert_seen(page, int(x), int(y), 1, 1)
        page.page.locator("#confirm-cancel").tap()


def test_with_large_letters_a_linked_one_is_in_sight(
    open_page: OpenPage,
    link: str,
    large_letters: BrowserContext,  # noqa: F811  # a fixture
) -> None:
    page = open_page("500,500,20", context=large_letters)
    page.page.set_viewport_size({"width": 390, "height": 844})
    follow(page, link)
    assert_seen(page, LEFT, TOP)


def test_a_link_that_names_no_place_shows_all_of_it(open_page: OpenPage, link: str) -> None:
    page = open_own(open_page, "500,500,20", **phone((360, 640)))
    follow(page, link.partition("#")[0])
    assert_seen(page, LEFT, TOP)


@pytest.mark.parametrize("place", ["#820,870,12", "&x=820&y=870&zoom=12"])
def test_a_link_to_another_place_leads_there(open_page: OpenPage, link: str, place: str) -> None:
    page = open_own(open_page, "500,500,20", **phone((390, 844)))
    follow(page, link.partition("#")[0] + place)
    expect(page.toast).to_contain_text("lies on the board")
    page.wait_place(lambda *place: place == (820, 870, 12))


def test_who_has_moved_on_meanwhile_is_left_alone(
    open_page: OpenPage, new_context: NewContext, link: str
) -> None:
    page = open_page("500,500,20", context=new_context(reduced_motion="reduce"))
    waiting: list[Route] = []
    page.page.route("**/api/blueprints/images/*", lambda route: waiting.append(route))
    page.page.goto(link)
    page.wait_state("live")
    page.page.wait_for_function(f"() => location.hash.startsWith('#{MIDDLE},')")
    page.page.keyboard.press("x")
    page.page.get_by_label("Column and row, or a link").fill("40, 50")
    page.page.get_by_role("button", name="Go", exact=True).click()
    page.wait_place(lambda x, y, _zoom: (x, y) == (40, 50))
    wait_until(page.page, lambda: len(waiting) == 1, lambda: f"{waiting}")
    waiting[0].continue_()
    expect(page.toast).to_contain_text("lies on the board")
    page.page.wait_for_timeout(500)  # after which the address would have been written anew
    page.wait_place(lambda x, y, _zoom: (x, y) == (40, 50))


@pytest.mark.parametrize("size", [(390, 844), (360, 640)])
def test_a_picture_from_the_phone_is_in_sight(
    open_page: OpenPage, size: tuple[int, int], tmp_path: Path
) -> None:
    page = open_own(open_page, "300,640,3", **phone(size))
    open_panel(page.page)
    add(page.page, flag())
    page.page.get_by_role("button", name="Place it").tap()
    expect(page.page.locator("#bp-done")).to_be_visible()
    left, top = 300 - SIDE // 2, 640 - SIDE // 2
    assert_seen(page, left, top)
    page.page.locator("#bp-done").tap()
    assert_seen(page, left, top)
    # From elsewhere its button in the list leads back, beside the panel.
    page.page.goto(f"{page.page.url.partition('#')[0]}#40,50,20")
    page.wait_place(lambda x, y, _zoom: (x, y) == (40, 50))
    page.page.locator("#bp-open").tap()
    row = page.page.locator(".bp-row").first
    row.get_by_role("button", name="More about").tap()
    row.get_by_role("button", name="Show it").tap()
    assert_seen(page, left, top)
