"""Answers that are not the server's: of a proxy or a portal in between, or none."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, WebSocketRoute, expect

from canvas.http.fallback_words import WORDS
from tests.browser.canvas_page import BLUE, RED, CanvasPage
from tests.browser.conftest import NewContext, OpenPage, StartServer
from tests.browser.waiting import wait_until

Answer = Callable[[Route], None]

BOARD, RULES = "**/api/canvas/board?*", "**/api/canvas?*"
PORTAL = "<!doctype html><title>Hotel</title><a href='/login'>Log in to this network</a>"


def html(status: int) -> Answer:
    return lambda route: route.fulfill(status=status, content_type="text/html", body=PORTAL)


def foreign_json(status: int) -> Answer:
    body = json.dumps({"error": "no route", "code": 404})
    return lambda route: route.fulfill(status=status, content_type="application/json", body=body)


def cut_short(route: Route) -> None:
    answer = route.fetch()
    headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
    route.fulfill(status=200, headers=headers, body=answer.body()[:-7])


def without_headers(route: Route) -> None:
    body = route.fetch().body()
    route.fulfill(status=200, content_type="application/octet-stream", body=body)


ANSWERS: dict[str, Answer] = {
    "a portal": html(200),
    "another portal": html(511),
    **{f"a proxy: {status}": html(status) for status in (401, 403, 404, 407, 502, 503)},
    **{f"a gateway: {status}": foreign_json(status) for status in (200, 401, 403, 404)},
    "empty": lambda route: route.fulfill(status=204),
    "text": lambda route: route.fulfill(status=200, content_type="text/plain", body="ok"),
    "cut short": cut_short,
    "no headers": without_headers,
}


def opened(context: BrowserContext, site: str) -> CanvasPage:
    page = CanvasPage(context.new_page(), site, "300,20,24")
    page.page.goto(f"{site}/#300,20,24")
    return page


@pytest.mark.parametrize(
    ("path", "answer"),
    [*((BOARD, name) for name in ANSWERS), (RULES, "a portal"), (RULES, "a gateway: 200")],
)
def test_an_answer_of_another_is_asked_for_again(
    new_context: NewContext, site: str, path: str, answer: str
) -> None:
    context = new_context()
    context.route(path, ANSWERS[answer], times=1)
    opened(context, site).wait_state("live")


def test_a_canvas_that_the_server_does_not_know_is_not_asked_for_again(
    new_context: NewContext, site: str
) -> None:
    context = new_context()
    body = json.dumps({"code": "canvas_unknown", "field": "canvas", "detail": "No such canvas."})
    context.route(
        BOARD, lambda route: route.fulfill(status=404, content_type="application/json", body=body)
    )
    page = opened(context, site)
    page.wait_state("stopped")
    expect(page.page.locator("#connection")).to_have_attribute(
        "title", re.compile("There is no such canvas")
    )


def test_a_login_page_of_the_network_is_named(new_context: NewContext, site: str) -> None:
    context = new_context()
    context.route(BOARD, html(200))
    page = opened(context, site)
    page.wait_state("reconnecting")
    expect(page.page.locator("#connection")).to_have_attribute("title", re.compile("log in"))
    expect(page.page.locator("#turn")).to_have_text("Not connected")
    context.unroute(BOARD)
    page.page.locator("#connection").click()
    page.wait_state("live")


def test_a_fetch_that_never_ends_is_given_up(new_context: NewContext, site: str) -> None:
    context = new_context()
    context.clock.install()
    held: list[Route] = []
    context.route(BOARD, lambda route: held.append(route), times=1)
    page = opened(context, site)
    wait_until(page.page, lambda: bool(held), "the board is not fetched")
    context.clock.fast_forward(10_500)
    context.clock.fast_forward(1_000)
    page.wait_state("live")


@pytest.mark.parametrize("impulse", ["click", "online"])
def test_a_fetch_that_never_ends_is_begun_anew_by(
    new_context: NewContext, site: str, impulse: str
) -> None:
    context = new_context()
    held: list[Route] = []
    context.route(BOARD, lambda route: held.append(route), times=1)
    page = opened(context, site)
    page.page.locator("body.started").wait_for()
    wait_until(page.page, lambda: bool(held), "the board is not fetched")
    page.page.wait_for_timeout(2_000)  # a fetch that has just begun may go on
    with page.page.expect_request(BOARD, timeout=5_000):  # by itself: after 10 s
        if impulse == "click":
            page.page.locator("#connection").click()
        else:
            page.page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_state("live")


def dead_page(context: BrowserContext, site: str, part: str) -> Page:
    context.route(re.compile(part), lambda route: route.abort("blockedbyclient"))
    page = context.new_page()
    page.goto(site)
    return page


@pytest.mark.parametrize(
    "part", [r"/sync/stream(\.\w+)?\.js", r"/main(\.\w+)?\.js", r"/pixelsite/page(\.\w+)?\.js"]
)
def test_a_module_that_does_not_come_is_told(new_context: NewContext, site: str, part: str) -> None:
    page = dead_page(new_context(), site, part)
    expect(page.get_by_text("This page did not load completely.")).to_be_visible()
    expect(page.get_by_role("link", name="Load it again")).to_be_visible()
    assert page.locator("#connection").inner_text().strip() == "Connecting"


@pytest.mark.parametrize("locale", ["de-AT", "fr", "es-MX", "pt-BR", "uk", "ja", "ar-EG"])
def test_it_is_told_in_the_browsers_language(
    new_context: NewContext, site: str, locale: str
) -> None:
    page = dead_page(new_context(locale=locale), site, r"/main(\.\w+)?\.js")
    language = locale[:2]
    notice = page.locator(".notice.late")
    expect(notice).to_be_visible()
    expect(notice).to_have_attribute("lang", language)
    expect(notice).to_have_css("direction", "rtl" if language == "ar" else "ltr")
    expect(notice).to_have_text(re.compile(re.escape(WORDS[language].incomplete)))
    expect(page.get_by_role("link", name=WORDS[language].reload)).to_be_visible()


def test_without_any_script_the_page_has_words_too(new_context: NewContext, site: str) -> None:
    page = dead_page(new_context(), site, r"\.js$")
    expect(page.get_by_text("This page did not load completely.")).to_be_visible()


def test_a_page_that_has_started_says_nothing_of_the_kind(open_page: OpenPage) -> None:
    page = open_page()
    expect(page.page.get_by_text("This page did not load completely.")).to_be_hidden()


def swallow(socket: WebSocketRoute) -> None:
    """Open, and say nothing."""


def no_websockets(context: BrowserContext) -> None:
    context.add_init_script("delete window.WebSocket")


BLOCKED: dict[str, Callable[[BrowserContext], None]] = {
    "closed": lambda context: context.route_web_socket("**", lambda socket: socket.close()),
    "swallowed": lambda context: context.route_web_socket("**", swallow),
    "forbidden": no_websockets,
}


@pytest.mark.parametrize("how", BLOCKED)
def test_without_websockets_it_becomes_a_slower_mode(
    open_page: OpenPage, new_context: NewContext, site: str, how: str
) -> None:
    x = 320 + 10 * list(BLOCKED).index(how)
    context = new_context()
    BLOCKED[how](context)
    page = CanvasPage(context.new_page(), site, f"{x},20,24")
    page.page.goto(f"{site}/#{x},20,24")
    page.wait_state("slow")
    expect(page.page.locator("#connection-text")).to_have_text("Slow mode")
    other = open_page(f"{x},20,24")
    page.draw("red", x, 20)
    other.wait_color(x, 20, RED)
    page.wait_color(x, 20, RED)
    other.draw("blue", x + 1, 20)
    page.wait_color(x + 1, 20, BLUE)
    expect(page.page.locator("#turn")).to_have_text("Ready to draw")


def test_the_slower_mode_waits_for_the_cooldown_and_ends_by_itself(
    new_context: NewContext, new_server: StartServer
) -> None:
    site = new_server(CANVAS_COOLDOWN_SECONDS="30").base_url
    context = new_context()
    page = CanvasPage(context.new_page(), site, "20,20,24")
    blocked = True

    def block(socket: WebSocketRoute) -> None:
        if blocked:
            socket.close()
        else:
            socket.connect_to_server()

    page.page.route_web_socket("**", block)
    page.page.goto(f"{site}/#20,20,24")
    page.wait_state("slow")
    page.draw("red", 20, 20)
    page.wait_color(20, 20, RED)
    expect(page.page.locator("#turn")).to_contain_text("Wait")
    blocked = False
    page.wait_state("live")


def test_offline_nobody_is_ready_to_draw(new_context: NewContext, new_server: StartServer) -> None:
    server = new_server(CANVAS_COOLDOWN_SECONDS="0")
    page = CanvasPage(new_context().new_page(), server.base_url, "20,20,24")
    page.open()
    page.choose("red")
    expect(page.page.locator("#turn")).to_have_text("Ready to draw")
    server.pause()
    page.page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.wait_state("reconnecting", seconds=8)  # the heartbeat finds it later
    expect(page.page.locator("#turn")).to_have_text("Not connected")
    assert page.page.locator("#dock").get_attribute("data-turn") == "closed"
    server.resume()
