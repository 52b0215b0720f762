"""The list of canvases, with a way there and back, and the account's pages from the canvas."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewContext, OpenPage, StartServer
from tests.browser.test_accessibility import check
from tests.browser.test_touch import PHONE
from tests.support.processes import manage

CREATE = "from canvas.models import Canvas; Canvas.objects.create(slug='art', width=60, height=40)"


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_there_and_back(
    open_page: OpenPage, new_server: StartServer, device: dict[str, object]
) -> None:
    server = new_server(CANVAS_COOLDOWN_SECONDS="0")
    manage("shell", "-c", CREATE, environment=server.environment)
    page = open_page(url=server.base_url, **device).page
    page.locator("#menu-button").click()
    page.get_by_role("link", name="All canvases").click()
    expect(page).to_have_title("Canvases · pixelsite")
    cards = page.locator(".canvases .card")
    expect(cards).to_have_count(2)
    expect(cards.first).to_contain_text("main")
    picture = cards.last.locator("img")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("(image) => [image.naturalWidth, image.naturalHeight]") == [60, 40]
    check(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cards.last.click()
    expect(page.locator("#connection")).to_have_attribute("data-state", "live")
    assert page.url.split("#")[0].endswith("/c/art/")
    page.go_back()
    page.get_by_role("link", name="pixelsite").click()
    expect(page.locator("#connection")).to_have_attribute("data-state", "live")


def test_the_list_speaks_the_language_of_the_page(new_context: NewContext, site: str) -> None:
    page = new_context(locale="de").new_page()
    page.goto(f"{site}/canvases/")
    expect(page.get_by_role("heading", name="Leinwände")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")


def test_pictures_come_anew_every_15_seconds_while_the_page_is_seen(
    new_context: NewContext, site: str
) -> None:
    page = new_context().new_page()
    page.clock.install()
    page.goto(f"{site}/canvases/")
    picture = page.locator(".canvases img").first
    expect(picture).to_have_js_property("complete", True)
    before = picture.get_attribute("src") or ""
    page.clock.run_for(14_000)
    assert picture.get_attribute("src") == before
    with page.expect_response("**/thumbnail.png?*"):
        page.clock.run_for(2_000)
    expect(picture).not_to_have_attribute("src", before)
    seen = picture.get_attribute("src")
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true })")
    page.clock.run_for(60_000)
    assert picture.get_attribute("src") == seen, "nobody sees it"


def test_signing_in_and_up_are_in_reach(open_page: OpenPage) -> None:
    page = open_page().page
    for name, heading in [("Sign in", "Log in"), ("Sign up", "Sign up")]:
        page.locator("#menu-button").click()
        page.locator("#menu-panel").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        page.go_back()
        expect(page.locator("#connection")).to_have_attribute("data-state", "live")
