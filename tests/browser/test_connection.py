"""The page outlives its server, without a reload."""

from playwright.sync_api import expect

from tests.browser.canvas_page import BLUE, RED, WHITE
from tests.browser.conftest import OpenPage, StartServer


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


def test_a_tab_that_slept_catches_up(open_page: OpenPage) -> None:
    sleeper, other = open_page("40,20,24"), open_page("40,20,24")
    control = sleeper.page.context.new_cdp_session(sleeper.page)
    control.send("Page.setWebLifecycleState", {"state": "frozen"})
    other.draw("red", 41, 20)
    other.wait_color(41, 20, RED)
    other.page.wait_for_timeout(3_000)
    control.send("Page.setWebLifecycleState", {"state": "active"})
    sleeper.wait_color(41, 20, RED)
    sleeper.wait_state("live")


def test_a_server_that_hangs_is_noticed(open_page: OpenPage, new_server: StartServer) -> None:
    server = new_server(CANVAS_COOLDOWN_SECONDS="0")
    page = open_page("60,20,24", url=server.base_url)
    server.pause()
    page.page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_state("reconnecting")
    server.resume()
    page.wait_state("live", seconds=40)
    page.draw("red", 60, 20)
    page.wait_color(60, 20, RED)
