"""Two people: one draws, the other sees it."""

import urllib.request

import pytest
from playwright.sync_api import expect

from tests.browser.canvas_page import BLUE, RED
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.core


def test_what_one_draws_the_other_sees(open_page: OpenPage) -> None:
    ada, bob = open_page("20,20,24"), open_page("20,20,24")
    ada.draw("red", 21, 20)
    bob.draw("blue", 19, 21)
    for page in (ada, bob):
        page.wait_color(21, 20, RED)
        page.wait_color(19, 21, BLUE)


def test_both_boards_are_the_servers_board(open_page: OpenPage, site: str) -> None:
    whole = {"viewport": {"width": 1041, "height": 1041}}
    ada, bob = open_page("500,500,1", **whole), open_page("500,500,1", **whole)
    pen = open_page("500,440,24")
    pen.choose("red")
    for x in range(495, 506):
        pen.click(x, 440)
        pen.wait_color(x, 440, RED)
    for page in (ada, bob):
        page.wait_color(505, 440, RED)
        with urllib.request.urlopen(f"{site}/api/canvas/board") as response:
            assert page.painted(1000, 1000) == response.read()


def test_everyone_is_listed_and_leaves_the_list(open_page: OpenPage) -> None:
    ada, bob = open_page(), open_page()
    name = bob.page.locator("#my-name").inner_text()
    ada.page.locator("#people-button").click()
    people = ada.page.locator("#people-list")
    expect(people).to_contain_text(name)
    expect(people.locator("li")).to_have_count(int(ada.page.locator("#people-count").inner_text()))
    bob.page.close()
    expect(people).not_to_contain_text(name)
