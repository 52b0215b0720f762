"""The page speaks the browser's language, or the one that was chosen."""

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage


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
