"""The list of people, and the history of a pixel."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.canvas_page import BLUE, RED
from tests.browser.conftest import OpenPage


def test_people_can_be_searched(open_page: OpenPage) -> None:
    ada, bob = open_page("20,700,20"), open_page("20,700,20")
    mine, yours = (str(page.page.locator("#my-name").text_content()) for page in (ada, bob))
    ada.page.locator("#people-button").click()
    people = ada.page.locator("#people-list")
    expect(people).to_contain_text(yours)
    ada.page.get_by_label("Search people").fill(mine.lower())
    expect(people.locator("bdi")).to_have_text([mine])
    expect(people).to_contain_text("you")
    ada.page.get_by_label("Search people").fill("nobody at all")
    expect(people).to_have_text("Nobody of that name.")


def test_two_people_of_one_name_are_listed_twice(open_page: OpenPage) -> None:
    pages = open_page("40,700,20"), open_page("40,700,20")
    for x, each in enumerate(pages, start=40):
        each.page.locator("#people-button").click()
        each.page.get_by_label("Your name as a guest").fill("Alice")
        each.page.locator("#nickname-form button").click()
        each.page.locator("#people-panel [data-close]").click()
        each.draw("red", x, 700)
    ada = pages[0].page
    ada.locator("#people-button").click()
    expect(ada.locator("#people-list bdi")).to_have_text(["Alice", "Alice"])
    expect(ada.locator("#people-count")).to_have_text("2")


def test_a_pixel_tells_its_history(open_page: OpenPage) -> None:
    ada, bob = open_page("60,700,20"), open_page("60,700,20")
    ada.draw("red", 60, 700)
    bob.wait_color(60, 700, RED)
    bob.draw("blue", 60, 700)
    ada.wait_color(60, 700, BLUE)
    ada.page.keyboard.press("ArrowRight")
    ada.page.keyboard.press("l")
    mine, yours = (str(page.page.locator("#my-name").text_content()) for page in (ada, bob))
    expect(ada.page.locator("#pixel-title")).to_have_text("Pixel 60, 700")
    expect(ada.page.locator("#pixel-who bdi")).to_have_text(yours)
    expect(ada.page.locator("#pixel-color-name")).to_have_text("blue · #1F5FD0")
    expect(ada.page.locator("#pixel-history bdi")).to_have_text([mine])
    expect(ada.page.locator("#pixel-history time")).to_have_attribute("datetime", re.compile("20"))


def test_a_name_is_checked_where_it_is_typed(open_page: OpenPage) -> None:
    ada = open_page().page
    ada.locator("#people-button").click()
    field, form = ada.locator("#nickname"), ada.locator("#nickname-form button")
    field.fill("\u3164\u2800")
    form.click()
    assert field.evaluate("field => field.validationMessage") != ""
    field.fill("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645")
    form.click()
    assert field.evaluate("field => field.validationMessage") == ""
    expect(ada.locator("#toasts")).to_contain_text("\u0645\u06cc\u200c\u062e")


JOINED = {
    "Persian": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "a family": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
}


@pytest.mark.parametrize("kind", JOINED)
def test_a_pixel_is_drawn_and_shown_under_a_name_with_joiners(
    open_page: OpenPage, kind: str
) -> None:
    x, name = 100 + list(JOINED).index(kind), JOINED[kind]
    ada, bob = open_page(f"{x},700,20"), open_page(f"{x},700,20")
    ada.page.locator("#people-button").click()
    ada.page.locator("#nickname").fill(name)
    ada.page.locator("#nickname-form button").click()
    ada.page.locator("#people-panel [data-close]").click()
    ada.draw("red", x, 700)
    bob.wait_color(x, 700, RED)
    bob.page.keyboard.press("ArrowRight")
    bob.page.keyboard.press("l")
    expect(bob.page.locator("#pixel-who bdi")).to_have_text(name)
    assert bob.page.locator("#pixel-who bdi").inner_text() == name, "to the last joiner"
    expect(bob.page.locator("#pixel-history li")).to_have_count(0)
