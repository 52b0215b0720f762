"""The page outlives its server, without a reload."""

import pytest
from playwright.sync_api import expect

from tests.browser.canvas_page import BLUE, RED, WHITE
from tests.browser.conftest import NewContext, OpenPage, StartServer

pytestmark = pytest.mark.core


def test_a_server_killed_while_drawing_loses_nothing(
    open_page: OpenPage, new_server: StartServer
) -> None:
    server = new_server(CANVAS_COOLDOWN_SECONDS="0")
    ada, bob = (open_page("20,20,24", url=server.base_url) for _ in range(2))
    ada.draw("red", 20, 20)
    bob.wait_color(20, 20, RED)
    ada.page.evaluate("window.untouched = true")

    # Hung, it takes the pixel but does not answer; then it dies.
    server.pause()
    ada.draw("blue", 22, 20)
    ada.hover(15, 17)
    assert ada.color_at(22, 20) == WHITE
    assert ada.marked(22, 20)
    server.kill()
    ada.wait_state("reconnecting")
    ada.draw("red", 24, 20)
    expect(ada.toast).to_contain_text("Not connected")

    server.start()
    for page in (ada, bob):
        page.page.locator("#connection").click()
        page.wait_state("live", seconds=40)
        page.wait_color(20, 20, RED)
        page.wait_color(22, 20, BLUE)
        assert page.color_at(24, 20) == WHITE
    assert not ada.marked(22, 20)
    assert ada.page.evaluate("window.untouched")


def test_a_tab_frozen_for_a_minute_catches_up(open_page: OpenPage, new_context: NewContext) -> None:
    context = new_context()
    context.clock.install()
    sleeper, other = open_page("40,20,24", context=context), open_page("40,20,24")
    sleeper.page.evaluate("window.untouched = true")
    control = context.new_cdp_session(sleeper.page)
    control.send("Page.setWebLifecycleState", {"state": "frozen"})
    other.draw("red", 41, 20)
    other.wait_color(41, 20, RED)
    control.send("Page.setWebLifecycleState", {"state": "active"})
    context.clock.fast_forward(60_000)
    sleeper.wait_color(41, 20, RED)
    sleeper.wait_state("live")
    sleeper.draw("blue", 42, 20)
    other.wait_color(42, 20, BLUE)
    assert sleeper.page.evaluate("window.untouched")


def test_a_server_that_hangs_is_noticed(
    open_page: OpenPage, new_context: NewContext, new_server: StartServer
) -> None:
    server = new_server(CANVAS_COOLDOWN_SECONDS="0")
    context = new_context()
    context.clock.install()
    page = open_page("60,20,24", url=server.base_url, context=context)
    server.pause()
    page.page.evaluate("window.dispatchEvent(new Event('online'))")
    context.clock.fast_forward(5_000)
    page.wait_state("reconnecting")
    expect(page.page.locator("#connection-text")).to_have_text("Reconnecting")
    server.resume()
    context.clock.fast_forward(30_000)
    page.wait_state("live", seconds=40)
    page.draw("red", 60, 20)
    page.wait_color(60, 20, RED)
