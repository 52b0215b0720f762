"""Stored values from earlier visits, and the clock of the device."""

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.canvas_page import RED
from tests.browser.conftest import NewContext, OpenPage

DAY_MS = 86_400_000
KEY = "pixelsite"

# Of other versions of the page, of other pages of the site, and of broken writes.
STORED: dict[str, str] = {
    "a language that is gone": '{"language": "tlh", "grid": false}',
    "a language of a prototype": '{"language": "constructor", "grid": false}',
    "a language that is none": '{"language": {"code": "de"}, "grid": false}',
    "a nickname that is none": '{"nickname": {"a": 1}, "grid": false}',
    "a nickname that is too long": json.dumps({"nickname": "x" * 400, "grid": False}),
    "a colour that is none": '{"color": "red", "grid": false}',
    "a colour beyond": '{"color": 4000, "grid": false}',
    "a negative colour": '{"color": -1.5, "grid": false}',
    "switches that are none": '{"minimap": "no", "symbols": 3, "grid": false}',
}
USELESS: dict[str, str] = {
    "null": "null",
    "a list": "[1, 2]",
    "a number": "7",
    "cut off": '{"grid": fal',
    "a prototype": '{"__proto__": {"grid": false}}',
}


def store(context: BrowserContext, text: str) -> None:
    # Only at the first load: later ones find what the page itself has written.
    script = f"localStorage.getItem('{KEY}') ?? localStorage.setItem('{KEY}', {json.dumps(text)})"
    context.add_init_script(script)


def grid(page: Page) -> Any:
    return page.evaluate("document.getElementById('set-grid').checked")


@pytest.mark.parametrize("name", STORED)
def test_a_stored_value_that_cannot_be_leaves_the_others(
    open_page: OpenPage, new_context: NewContext, name: str
) -> None:
    context = new_context()
    store(context, STORED[name])
    page = open_page("20,300,20", context=context).page
    assert grid(page) is False, "what can be is kept"
    expect(page.locator("#color-name")).not_to_be_empty()
    assert page.evaluate("document.documentElement.lang") == "en"
    expect(page.locator("#nickname")).to_have_value("")


@pytest.mark.parametrize("name", USELESS)
def test_a_storage_that_cannot_be_read_is_none(
    open_page: OpenPage, new_context: NewContext, name: str
) -> None:
    context = new_context()
    store(context, USELESS[name])
    assert grid(open_page("40,300,20", context=context).page) is True


def name_yourself(page: Page, name: str) -> None:
    page.locator("#people-button").click()
    page.get_by_label("Your name as a guest").fill(name)
    page.locator("#nickname-form button").click()
    page.locator("#people-panel [data-close]").click()


def test_two_tabs_keep_what_the_other_has_set(
    open_page: OpenPage, new_context: NewContext, site: str
) -> None:
    context = new_context()
    first, second = (open_page("60,300,20", context=context) for _ in range(2))
    name_yourself(first.page, "Ada")
    expect(second.page.locator("#nickname")).to_have_value("Ada")
    second.page.locator("#stage").focus()
    second.page.keyboard.press("g")
    first.page.locator("#stage").focus()
    first.page.keyboard.press("m")
    stored = json.loads(first.page.evaluate(f"localStorage.getItem('{KEY}')"))
    assert stored == {"nickname": "Ada", "grid": False, "minimap": False}
    second.draw("red", 61, 300)
    first.wait_color(61, 300, RED)
    answer = first.page.request.get(f"{site}/api/pixel?x=61&y=300").json()
    assert answer["username"] == "Ada", "the other tab signs by the new name too"


def test_a_value_of_a_later_version_stays_stored(
    open_page: OpenPage, new_context: NewContext
) -> None:
    context = new_context()
    store(context, '{"hat": "tall"}')
    page = open_page("80,300,20", context=context).page
    page.keyboard.press("g")
    assert json.loads(page.evaluate(f"localStorage.getItem('{KEY}')"))["hat"] == "tall"


@pytest.mark.parametrize("days", [-1, 1])
def test_a_pixel_just_drawn_is_no_day_old(
    open_page: OpenPage, new_context: NewContext, days: int
) -> None:
    context = new_context()
    context.add_init_script(
        f"const now = Date.now; Date.now = () => now() + {days * DAY_MS};"
        "window.Date = class extends Date { constructor(...parts)"
        " { super(...(parts.length ? parts : [Date.now()])); } };"
    )
    page = open_page(f"{100 + days},300,20", context=context)
    page.draw("red", 100 + days, 300)
    page.wait_color(100 + days, 300, RED)
    page.page.keyboard.press("ArrowRight")
    page.page.keyboard.press("l")
    age = page.page.locator("#pixel-who time")
    expect(age).to_be_visible()
    assert str(age.text_content()).split(" ")[-2:] in (["seconds", "ago"], ["second", "ago"]) or (
        age.text_content() == "now"
    )
