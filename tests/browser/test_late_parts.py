"""Parts of the page that are fetched later and never come: told in words, and tried again."""

import re

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import NewContext
from tests.browser.waiting import wait_until

DEADLINE = 15_500  # ms, a little more than the page's


class Silence:
    """The first request for a file, which gets no answer; later ones do."""

    def __init__(self, context: BrowserContext, file: str) -> None:
        self._held: list[Route] = []
        context.clock.install()
        context.route(re.compile(file), self._hold, times=1)

    def _hold(self, route: Route) -> None:
        self._held.append(route)

    def pass_deadline(self, page: CanvasPage) -> None:
        """Wait for the request, then let its deadline pass on the page's clock."""
        wait_until(page.page, lambda: bool(self._held), "it is not asked for")
        page.page.clock.fast_forward(DEADLINE)


def opened(context: BrowserContext, site: str) -> CanvasPage:
    page = CanvasPage(context.new_page(), site, "40,940,20")
    page.open()
    return page


@pytest.mark.parametrize(
    ("feature", "shown"), [("history", "#past"), ("blueprints", "#blueprints-panel")]
)
def test_a_feature_that_never_comes_is_told_and_opens_at_the_next_press(
    new_context: NewContext, site: str, feature: str, shown: str
) -> None:
    context = new_context()
    silence = Silence(context, rf"/{feature}/main(\.\w+)?\.js")
    page = opened(context, site)
    page.draw("red", 40, 940)  # without a placement there is no past
    button = page.page.locator(f"#{feature}-button")
    button.click()
    silence.pass_deadline(page)
    expect(page.toast).to_contain_text("could not be loaded. Please try again.")
    expect(button).not_to_have_attribute("aria-busy", "true")
    button.click()
    expect(page.page.locator(shown)).to_be_visible()


@pytest.mark.parametrize(
    ("feature", "module", "shown"),
    [
        ("history", "time/player", "#past"),
        ("blueprints", "desk", "#blueprints-panel"),
    ],
)
def test_a_feature_of_which_a_module_never_comes_says_to_reload_the_page(
    new_context: NewContext, site: str, feature: str, module: str, shown: str
) -> None:
    context = new_context()
    silence = Silence(context, rf"/{feature}/{module}(\.\w+)?\.js")
    page = opened(context, site)
    page.draw("red", 43, 940 + len(feature))  # without a placement there is no past
    button = page.page.locator(f"#{feature}-button")
    for words in ("Please try again.", "Please reload the page."):
        button.click()
        silence.pass_deadline(page)
        expect(page.toast).to_contain_text(words)
    page.page.reload()
    page.wait_state("live")
    button.click()
    expect(page.page.locator(shown)).to_be_visible()


def test_a_language_that_never_comes_is_told_and_can_be_chosen_again(
    new_context: NewContext, site: str
) -> None:
    context = new_context()
    silence = Silence(context, r"/i18n/fr(\.\w+)?\.js")
    page = opened(context, site)
    page.page.locator("#menu-button").click()
    choice = page.page.locator("#set-language")
    choice.select_option("fr")
    silence.pass_deadline(page)
    expect(page.toast).to_have_text("This language could not be fetched. Please try again.")
    expect(choice).to_have_value("en")
    choice.select_option("fr")
    expect(page.page.locator("html")).to_have_attribute("lang", "fr")


def test_a_language_of_the_start_that_never_comes_is_told(
    new_context: NewContext, site: str
) -> None:
    context = new_context(locale="fr")
    silence = Silence(context, r"/canvas/i18n/fr(\.\w+)?\.js")
    page = opened(context, site)
    silence.pass_deadline(page)
    expect(page.toast).to_have_text("This language could not be fetched. Please try again.")
    expect(page.page.locator("html")).to_have_attribute("lang", "en")


def test_a_language_that_comes_after_another_was_chosen_is_not_kept(
    new_context: NewContext, site: str
) -> None:
    context = new_context()
    held: list[Route] = []
    context.route(re.compile(r"/i18n/fr(\.\w+)?\.js"), lambda route: held.append(route))
    page = opened(context, site)
    page.page.locator("#menu-button").click()
    choice = page.page.locator("#set-language")
    choice.select_option("fr")
    wait_until(page.page, lambda: bool(held), "it is not asked for")
    choice.select_option("de")
    expect(page.page.locator("html")).to_have_attribute("lang", "de")
    with page.page.expect_response(re.compile(r"/i18n/fr")):
        held[0].continue_()
    page.page.reload()
    page.wait_state("live")
    expect(page.page.locator("html")).to_have_attribute("lang", "de")


@pytest.mark.parametrize("file", ["worker/worker", "archive/archive"])
def test_the_worker_of_the_past_that_never_starts_is_told_and_tried_again(
    new_context: NewContext, site: str, file: str
) -> None:
    context = new_context()
    silence = Silence(context, rf"/history/{file}(\.\w+)?\.js")
    page = opened(context, site)
    page.draw("red", 41, 940)
    button = page.page.locator("#history-button")
    button.click()
    silence.pass_deadline(page)
    expect(page.toast).to_have_text("The past could not be fetched. Try again.")
    button.click()
    expect(page.page.locator("#past")).to_be_visible()


@pytest.mark.parametrize("app", ["history", "blueprints"])
def test_a_feature_whose_words_never_come_opens_in_english(
    new_context: NewContext, site: str, app: str
) -> None:
    context = new_context(locale="de")
    silence = Silence(context, rf"/{app}/i18n/de(\.\w+)?\.js")
    page = opened(context, site)
    page.draw("rot", 42, 940)
    expect(page.page.locator("html")).to_have_attribute("lang", "de")
    page.page.locator(f"#{app}-button").click()
    silence.pass_deadline(page)
    shown = "#past" if app == "history" else "#blueprints-panel"
    expect(page.page.locator(shown)).to_be_visible()
