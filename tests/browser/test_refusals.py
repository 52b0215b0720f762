"""Refusals: a refused pixel does not stay painted, and the page says why."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.canvas_page import BLUE, RED, WHITE
from tests.browser.conftest import NewContext, OpenPage, StartServer
from tests.support.processes import ServerProcess, manage

HIDE = """() => {
  Object.defineProperty(document, "hidden", { value: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
# Real sounds and notifications, which are also recorded.
LISTEN = """() => {
  window.told = [];
  for (const name of ["AudioContext", "Notification"]) {
    window[name] = class extends window[name] {
      constructor(...options) {
        super(...options);
        window.told.push(name);
      }
    };
  }
}"""
CONFIGURE = "from canvas.services import configure; configure('main', {!r})"


@pytest.fixture(scope="module")
def slow_site(new_server: StartServer) -> str:
    return new_server(CANVAS_COOLDOWN_SECONDS="30").base_url


def configure(server: ServerProcess, **rules: object) -> None:
    manage("shell", "-c", CONFIGURE.format(rules), environment=server.environment)


def test_a_refused_pixel_is_undone(open_page: OpenPage, slow_site: str) -> None:
    first = open_page("50,50,24", url=slow_site)
    # The same person in a second tab, which has not heard of the cooldown.
    second = open_page("50,50,24", url=slow_site, context=first.page.context)
    first.draw("red", 50, 50)
    second.wait_color(50, 50, RED)
    second.draw("red", 52, 50)
    expect(second.toast).to_contain_text("before your next pixel")
    expect(second.page.locator("#turn")).to_contain_text("Wait")
    second.hover(45, 47)
    assert second.color_at(52, 50) == WHITE
    assert not second.marked(52, 50)


def test_a_hidden_tab_counts_down_in_its_title(
    open_page: OpenPage, new_context: NewContext, slow_site: str
) -> None:
    context = new_context()
    context.clock.install()
    page = open_page("70,50,24", url=slow_site, context=context)
    page.draw("red", 70, 50)
    page.wait_color(70, 50, RED)
    page.page.evaluate(HIDE)
    expect(page.page).to_have_title(re.compile(r"\d+ s · main · pixelsite"))
    context.clock.fast_forward(31_000)
    expect(page.page).to_have_title("● main · pixelsite")
    expect(page.page.locator("#turn")).to_have_text("Ready to draw")


def test_sound_and_notification_are_given_on_request(
    open_page: OpenPage, new_context: NewContext, slow_site: str
) -> None:
    context = new_context(permissions=["notifications"])
    context.clock.install()
    page = open_page("90,50,24", url=slow_site, context=context)
    page.page.locator("#menu-button").click()
    for alert in ("Play a sound", "Send a notification"):
        page.page.get_by_role("switch", name=alert).focus()
        page.page.keyboard.press("Space")
        expect(page.page.get_by_role("switch", name=alert)).to_be_checked()
    page.draw("red", 90, 50)
    page.wait_color(90, 50, RED)
    page.page.evaluate(LISTEN)
    page.page.evaluate(HIDE)
    context.clock.fast_forward(31_000)
    expect(page.page.locator("#turn")).to_have_text("Ready to draw")
    assert page.page.evaluate("told") == ["AudioContext", "Notification"]


def test_changed_rules_are_shown(open_page: OpenPage, new_server: StartServer) -> None:
    server = new_server(CANVAS_COOLDOWN_SECONDS="30")
    page = open_page("50,50,24", url=server.base_url)
    turn = page.page.locator("#turn")
    page.choose("red")
    expect(turn).to_have_text("Ready to draw")

    configure(server, charges=2)
    expect(turn).to_have_text("2 of 2 pixels ready")
    page.draw("red", 54, 50)
    expect(turn).to_have_text("1 of 2 pixels ready")
    page.draw("red", 55, 50)
    expect(turn).to_contain_text("Wait")
    for x in (54, 55):
        page.wait_color(x, 50, RED)

    configure(server, frozen=True)
    expect(turn).to_have_text("Frozen")
    page.draw("red", 50, 50)
    expect(page.toast).to_have_text("This canvas is frozen: nobody can draw right now.")
    page.hover(45, 47)
    assert page.color_at(50, 50) == WHITE
    assert not page.marked(50, 50)


def test_a_colour_that_is_retired_is_not_on_offer_any_more(
    open_page: OpenPage, new_server: StartServer
) -> None:
    server = new_server(CANVAS_COOLDOWN_SECONDS="0")
    page = open_page("50,50,24", url=server.base_url)
    page.draw("red", 50, 50)
    page.wait_color(50, 50, RED)
    chosen = page.page.locator("#color-name")

    configure(server, retired=[["#FF0000", "#FFFFFF"]])
    expect(page.page.get_by_role("radio", name="red", exact=True)).to_have_count(0)
    expect(chosen).to_have_text("Choose a colour")
    expect(page.toast).to_have_text("This colour is not on offer any more.")
    page.page.locator("#stage").focus()
    page.page.keyboard.press("9")
    page.click(50, 50, button="middle")
    expect(chosen).to_have_text("Choose a colour")
    page.page.keyboard.press("8")
    page.page.keyboard.press("k")  # past red
    expect(chosen).to_have_text("coral")

    page.page.reload()
    page.draw("blue", 51, 50)
    page.wait_color(51, 50, BLUE)
    assert page.color_at(50, 50) == RED
    expect(page.page.get_by_role("radio", name="red", exact=True)).to_have_count(0)


def test_a_person_who_may_not_draw_sees_that_before_trying(
    open_page: OpenPage, new_server: StartServer
) -> None:
    closed = open_page("50,50,24", url=new_server(GUESTS_ALLOWED="0").base_url)
    expect(closed.page.locator("#turn")).to_have_text("Sign in to draw")
    closed.draw("red", 50, 50)
    expect(closed.toast).to_be_visible()
    closed.hover(45, 47)
    assert closed.color_at(50, 50) == WHITE
    assert not closed.marked(50, 50)
