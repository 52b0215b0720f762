"""Networks between Firefox and the server."""

import re
import time
from collections.abc import Iterator

import pytest

from tests.browser.canvas_page import RED
from tests.firefox.canvas_page import wait_until
from tests.firefox.conftest import OpenPage
from tests.firefox.firefox import Firefox
from tests.support.portal import ALWAYS, NEVER, Portal

BOARD = re.compile(rb"^GET /api/canvas/board\?")
SOCKET = re.compile(rb"^Upgrade: websocket", re.MULTILINE | re.IGNORECASE)
FEATURE = re.compile(rb"^GET \S+/blueprints/main(\.\w+)?\.js")
MODULE = re.compile(rb"^GET \S+/sync/stream(\.\w+)?\.js")


@pytest.fixture
def portal(site: str) -> Iterator[Portal]:
    with Portal(site) as portal:
        yield portal


def test_a_login_page_of_the_network_is_named_and_passes(
    open_page: OpenPage, portal: Portal
) -> None:
    portal.asks_to_log_in = BOARD
    page = open_page("20,60,20", url=portal.base_url, live=False)
    page.wait("document.getElementById('connection')?.title.includes('log in')")
    page.wait_text("#turn", "Not connected")
    assert portal.asked
    portal.asks_to_log_in = NEVER
    page.click("#connection")
    page.wait_state("live")


def test_a_refusal_that_is_not_ours_is_asked_again(open_page: OpenPage, portal: Portal) -> None:
    portal.refuses = BOARD
    page = open_page("20,60,20", url=portal.base_url, live=False)
    wait_until(lambda: portal.refused > 0, "the board is not fetched")
    portal.refuses = NEVER
    page.wait_state("live", seconds=30)


def test_a_fetch_that_never_ends_is_begun_anew_by_a_click(
    open_page: OpenPage, portal: Portal
) -> None:
    portal.says_nothing = BOARD
    page = open_page("20,60,20", url=portal.base_url, live=False)
    wait_until(lambda: portal.silent > 0, "the board is not fetched")
    portal.says_nothing = NEVER
    page.wait("document.body?.classList.contains('started')")
    time.sleep(2)  # a fetch that has just begun may go on
    page.click("#connection")
    page.wait_state("live", seconds=6)  # by itself: after 10 s


def test_a_feature_that_never_comes_opens_at_the_next_press(
    open_page: OpenPage, portal: Portal
) -> None:
    page = open_page("20,60,20", url=portal.base_url)
    portal.hangs_up = FEATURE
    page.press("v")
    page.wait_text("#toasts", "could not be loaded. Please try again.")
    portal.hangs_up = NEVER
    page.press("v")
    page.wait("document.querySelector('#blueprints-title')?.checkVisibility()")


def test_without_websockets_it_becomes_a_slower_mode(open_page: OpenPage, portal: Portal) -> None:
    portal.hangs_up = SOCKET
    page = open_page("60,60,20", url=portal.base_url, live=False)
    page.wait_state("slow", seconds=30)
    page.choose("red")
    page.click_cell(61, 60)
    page.wait_color(61, 60, RED)


def test_a_module_that_does_not_come_is_told(open_page: OpenPage, portal: Portal) -> None:
    portal.hangs_up = MODULE
    page = open_page("20,60,20", url=portal.base_url, live=False)
    page.wait("document.querySelector('.notice.late')?.checkVisibility()")
    page.wait_text(".notice.late", "This page did not load completely.")


def test_offline_nobody_is_ready_to_draw(
    open_page: OpenPage, firefox: Firefox, portal: Portal
) -> None:
    page = open_page("100,60,20", url=portal.base_url)
    page.choose("red")
    page.wait_text("#turn", "Ready to draw")
    portal.speaks.clear()
    firefox.go_offline()
    page.wait_state("reconnecting", seconds=5)
    page.wait_text("#turn", "Not connected")
    portal.speaks.set()
    firefox.go_offline(False)
    page.wait_state("live")


def test_offline_there_are_words_and_then_the_canvas_again(
    open_page: OpenPage, firefox: Firefox, portal: Portal
) -> None:
    page = open_page("140,60,20", url=portal.base_url)
    assert page.resolve("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_state("live")
    portal.hangs_up = ALWAYS
    firefox.go_offline()
    page.reload()
    page.wait_text("h1", "You are offline")
    portal.hangs_up = NEVER
    firefox.go_offline(False)
    page.click(".pages a")
    page.wait_state("live")
