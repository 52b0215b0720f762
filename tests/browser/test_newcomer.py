"""A person who sees the page for the first time gets an answer to each step, in sight."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import NewContext, OpenPage
from tests.browser.test_touch import PHONE
from tests.browser.waiting import wait_until


def top_and_bottom(page: Page, part: str) -> tuple[float, float]:
    box = page.locator(part).bounding_box()
    assert box is not None
    return box["y"], box["y"] + box["height"]


def test_the_last_word_on_a_switch_stands_alone(open_page: OpenPage) -> None:
    page = open_page("500,500,20", **PHONE).page
    messages = page.locator(".toast")
    page.locator("#stroke").tap()
    expect(messages).to_have_text([re.compile("^A drag draws now")])
    page.locator("#stroke").tap()
    expect(messages.last).to_have_text("A drag moves the view.")
    assert messages.count() == 1


def test_on_a_phone_messages_leave_a_panel_its_head(open_page: OpenPage) -> None:
    page = open_page("500,500,20", **PHONE).page
    page.locator("#menu-button").tap()
    page.locator("#menu-panel #copy-link").tap()
    expect(page.locator(".toast")).to_be_visible()
    above, _ = top_and_bottom(page, ".toast")
    panel, _ = top_and_bottom(page, "#menu-panel")
    head = page.locator("#menu-panel > header").bounding_box()
    assert head is not None
    assert above > panel + head["height"]
    page.keyboard.press("Escape")
    dock, _ = top_and_bottom(page, "#dock")
    assert top_and_bottom(page, ".toast")[1] < dock, "without a panel they are above the board"


@pytest.mark.parametrize("feature", ["history", "blueprints"])
def test_a_part_on_its_way_says_so(
    open_page: OpenPage, new_context: NewContext, feature: str
) -> None:
    context = new_context(**PHONE)
    held: list[Route] = []
    context.route(re.compile(rf"/{feature}/main(\.\w+)?\.js"), lambda route: held.append(route))
    page = open_page("500,500,20", context=context).page
    page.locator("#menu-button").tap()
    button = page.locator(f"#menu-panel [data-feature={feature}]")
    button.tap()
    expect(button).to_have_attribute("aria-busy", "true")
    assert button.evaluate("(it) => getComputedStyle(it).animationName") == "breathe"
    wait_until(page, lambda: bool(held), "its module is not asked for")
    for route in held:
        route.continue_()
    expect(button).not_to_have_attribute("aria-busy", "true")


def test_a_part_that_does_not_come_is_on_its_way_no_longer(
    open_page: OpenPage, new_context: NewContext
) -> None:
    context = new_context(**PHONE)
    context.route(re.compile(r"/history/main(\.\w+)?\.js"), lambda route: route.abort())
    canvas = open_page("500,500,20", context=context)
    page = canvas.page
    page.locator("#menu-button").tap()
    button = page.locator("#menu-panel [data-feature=history]")
    button.tap()
    expect(page.locator(".toast.problem")).to_be_visible()
    expect(button).not_to_have_attribute("aria-busy", "true")
    canvas.errors.clear()  # the console tells of the fetch that was aborted


def test_a_colour_is_written_the_same_in_arabic(open_page: OpenPage) -> None:
    page = open_page("500,500,20", locale="ar").page
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator("#stage").press("ArrowRight")
    page.locator("#stage").press("l")
    name = page.locator("#pixel-color-name")
    expect(name).to_contain_text("#")
    # The sign stands left of the digits, as it is typed.
    sign, digit = name.evaluate(
        """(element) => {
          const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
          for (let text; (text = walker.nextNode()); ) {
            const at = text.data.indexOf("#");
            if (at < 0) continue;
            return [at, at + 1].map((from) => {
              const range = document.createRange();
              range.setStart(text, from);
              range.setEnd(text, from + 1);
              return range.getBoundingClientRect().left;
            });
          }
        }"""
    )
    assert sign < digit


TOOLS = ("#people-button", "#menu-button", "#help-button", "#stroke", "#zoom-in", "#no-color")


def places(page: Page) -> list[object]:
    """Return where the tools are that no number or colour moves, as they come with the canvas."""
    return [page.locator(tool).bounding_box() for tool in TOOLS[1:-1]]


def test_tools_look_and_are_out_of_use_until_the_page_has_started(
    new_context: NewContext, site: str
) -> None:
    context = new_context()
    held: list[Route] = []
    context.route(re.compile(r"/canvas/main(\.\w+)?\.js"), lambda route: held.append(route))
    page = context.new_page()
    page.goto(site, wait_until="commit")
    wait_until(page, lambda: bool(held), "its module is not asked for")
    greyed = "(it) => getComputedStyle(it).opacity"
    for tool in TOOLS:
        assert float(page.locator(tool).evaluate(greyed)) < 0.6, tool
        assert page.locator(tool).evaluate("(it) => it.closest('[inert]') !== null"), tool
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('button.icon')") is False
    before = places(page)
    for route in held:
        route.continue_()
    page.locator("body.started").wait_for()
    for tool in TOOLS:
        expect(page.locator(tool)).to_have_css("opacity", "1")
    assert places(page) == before
    page.locator("#menu-button").click()
    expect(page.locator("#menu-panel")).to_be_visible()


def test_without_scripts_the_page_says_so_and_offers_no_tool(
    new_context: NewContext, site: str
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(site)
    notice = page.locator("noscript .notice")
    expect(notice).to_be_visible()
    assert len(notice.inner_text()) > 20
    for tool in TOOLS:
        assert page.locator(tool).locator("xpath=ancestor-or-self::*[@inert]").count() == 1, tool
