"""Blueprints on a canvas whose administrators forbid that the hand takes their colours."""

from playwright.sync_api import expect

from tests.browser.canvas_page import BLUE, RED
from tests.browser.conftest import OpenPage, StartServer
from tests.browser.test_accessibility import check
from tests.browser.test_blueprints import lay, open_panel, picture
from tests.browser.test_refusals import configure


def test_the_hand_takes_no_colours_where_the_canvas_forbids_it(
    open_page: OpenPage, new_server: StartServer
) -> None:
    server = new_server(CANVAS_COOLDOWN_SECONDS="0")
    page = open_page("50,50,20", url=server.base_url, reduced_motion="reduce")
    lay(page.page, picture())
    page.choose("blue")
    page.hover(50, 49)
    expect(page.page.locator("#color-name")).to_have_text("red")

    open_panel(page.page)
    follow = page.page.get_by_role("switch", name="The hand takes the blueprint's colour")
    expect(follow).to_be_checked()
    configure(server, auto_color=False)
    expect(follow).to_be_disabled()
    expect(follow).not_to_be_checked()
    why = "This canvas does not allow it: choose each colour yourself."
    expect(follow).to_have_accessible_description(why)
    expect(page.page.get_by_text(why)).to_be_visible()
    check(page.page)
    page.page.keyboard.press("Escape")

    page.choose("blue")
    page.hover(51, 49)
    expect(page.page.locator("#color-name")).to_have_text("blue")
    page.click(51, 49)
    page.wait_color(51, 49, BLUE)

    open_panel(page.page)
    configure(server, auto_color=True)
    expect(follow).to_be_enabled()
    expect(follow).to_be_checked()
    page.page.keyboard.press("Escape")
    page.click(50, 49)
    page.wait_color(50, 49, RED)
