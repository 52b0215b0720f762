"""The page speaks the browser's language, or the one that was chosen."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import check, violations
from tests.browser.test_touch import PHONE

READY = {
    "ar": "جاهز للرسم",
    "es": "Listo para dibujar",
    "fr": "Prêt à dessiner",
    "ja": "描けます",
    "pt": "Pronto para desenhar",
    "uk": "Можна малювати",
}


def test_it_speaks_the_browsers_language(open_page: OpenPage) -> None:
    page = open_page(locale="de-AT")
    expect(page.page.locator("html")).to_have_attribute("lang", "de")
    page.choose("himmelblau")
    expect(page.page.locator("#turn")).to_have_text("Bereit zum Malen")


def test_a_language_can_be_chosen_and_stays(open_page: OpenPage) -> None:
    page = open_page("40,900,20", locale="eo")
    expect(page.page.locator("html")).to_have_attribute("lang", "en")
    page.page.locator("#menu-button").click()
    page.page.get_by_label("Language").select_option("Deutsch")
    expect(page.page.locator("#menu-title")).to_have_text("Teilen und einstellen")
    expect(page.page.locator("#connection-text")).to_have_text("Live")
    page.page.keyboard.press("Escape")
    page.page.reload()
    page.wait_state("live")
    page.page.locator("#stage").focus()
    page.page.keyboard.press("ArrowRight")
    expect(page.page.locator("#said")).to_have_text("40, 900: weiß")
    page.page.keyboard.press("Enter")
    expect(page.toast).to_have_text("Wähle zuerst eine Farbe.")


@pytest.mark.parametrize("language", READY)
def test_every_language_fits_a_narrow_phone(open_page: OpenPage, language: str) -> None:
    narrow = PHONE | {"viewport": {"width": 320, "height": 640}, "locale": language}
    page = open_page("300,300,20", **narrow).page
    direction = "rtl" if language == "ar" else "ltr"
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("html")).to_have_attribute("dir", direction)
    page.locator("#colors button").nth(8).tap()
    expect(page.locator("#turn")).to_have_text(READY[language])
    page.locator("#menu-button").tap()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    brand, tools = (page.locator(name).bounding_box() for name in (".brand", ".tools"))
    assert brand is not None
    assert tools is not None
    first, second = sorted((brand, tools), key=lambda box: box["x"])
    assert first["x"] + first["width"] <= second["x"]


def test_only_the_language_that_is_spoken_is_fetched(open_page: OpenPage) -> None:
    page = open_page(locale="uk").page
    expect(page.locator("html")).to_have_attribute("lang", "uk")
    fetched = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    words = {found[1] for url in fetched if (found := re.search(r"/i18n/([a-z]{2})\.", url))}
    assert words == {"en", "uk"}


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_everyone_can_use_the_page_in_arabic(
    open_page: OpenPage, device: dict[str, object]
) -> None:
    page = open_page("500,500,20", locale="ar", reduced_motion="reduce", **device).page
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    for name in ("#menu-button", "#people-button", "#goto-button"):
        page.locator(name).click()
        check(page)
    page.locator("#goto-place").fill("٤٠، ٥٠")
    page.keyboard.press("Enter")
    expect(page.locator("#confirm-where")).to_have_text("\u206640, 50\u2069")
    check(page)
    page.locator("#help-button").click()
    assert violations(page) == []


def test_a_language_that_cannot_be_fetched_is_not_chosen(open_page: OpenPage) -> None:
    shown = open_page("40,920,20")
    page = shown.page
    page.route("**/i18n/fr.*", lambda route: route.abort())
    page.locator("#menu-button").click()
    page.locator("#set-language").select_option("fr")
    expect(shown.toast).to_have_text("This language could not be fetched. Please try again.")
    expect(page.locator("#set-language")).to_have_value("en")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    shown.errors.clear()  # of the fetch that was cut off
