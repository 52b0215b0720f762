"""Blueprints that are saved on the site: a link opens them, and who has one open follows it."""

import json
from typing import Any

import pytest
from playwright.sync_api import Dialog, Route, expect

from tests.browser.canvas_page import RED, CanvasPage
from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import DEVICES, check
from tests.browser.test_accounts import PASSWORD, sign_up
from tests.browser.test_blueprints import (
    lay,
    open_own,
    open_panel,
    picture,
    place,
    wait_shown,
)
from tests.browser.test_touch import PHONE
from tests.browser.waiting import wait_until

# Returns the scripts that came and that no link in the page's head names.
UNNAMED = """() => {
  const named = [...document.querySelectorAll("link[rel=modulepreload], head script")]
    .map((each) => each.href ?? each.src);
  return performance.getEntriesByType("resource").map(({ name }) => name)
    .filter((name) => name.endsWith(".js") && !named.includes(name));
}"""
OWN: dict[str, Any] = {"permissions": ["clipboard-read", "clipboard-write"]}


def signed_in(open_page: OpenPage, site: str, name: str, at: str) -> CanvasPage:
    """Open the canvas as a new member."""
    page = open_own(open_page, at, url=site, **OWN)
    sign_up(page.page, site, name)
    page.page.goto(f"{site}/#{at}")
    page.wait_state("live")
    return page


def save(page: CanvasPage, title: str, coeditors: str = "") -> str:
    """Save the only blueprint on the site, and return its link; its part of the list is open."""
    page.page.get_by_role("button", name="Save on the site").click()
    if coeditors:
        page.page.get_by_role("textbox", name="Who may edit it too").fill(coeditors)
    return named(page, title)


def named(page: CanvasPage, title: str) -> str:
    """Give the form, which is open, a name, save, and return the link."""
    page.page.get_by_role("textbox", name="Name", exact=True).fill(title)
    page.page.get_by_role("button", name="Save", exact=True).click()
    expect(page.page.get_by_role("button", name="Copy its link")).to_be_visible()
    page.page.get_by_role("button", name="Copy its link").click()
    expect(page.toast).to_have_text("Link copied.")
    link: str = page.page.evaluate("navigator.clipboard.readText()")
    return link


def test_a_link_opens_it_on_a_phone_and_follows_versions(open_page: OpenPage, site: str) -> None:
    owner = signed_in(open_page, site, "Nora", "700,500,20")
    lay(owner.page, picture())
    open_panel(owner.page)
    place(owner, 699, 499)
    link = save(owner, "Nora's flag")
    assert "/?t=" in link

    phone = open_own(open_page, "700,500,20", **PHONE)
    frames: list[dict[str, Any]] = []
    phone.page.on("websocket", lambda socket: socket.on("framereceived", note(frames)))
    phone.page.goto(link.partition("#")[0] + "#701,500,20")
    phone.wait_state("live")
    expect(phone.page.locator(".bp-strip")).to_contain_text("8 left")
    wait_shown(phone_at(phone, "701,500,20"), 699, 499, [*RED, 255])
    unnamed = phone.page.evaluate(UNNAMED)
    assert unnamed == [], "the page's head names each module that a link needs"
    phone.page.wait_for_function("() => location.search.includes('t=')")

    phone.page.locator("#bp-next").tap()
    phone.page.locator("#confirm-place").tap()
    expect(phone.page.locator(".bp-strip")).to_contain_text("7 left")

    def told() -> list[tuple[int, int]]:
        progress = [each for each in frames if each.get("type") == "blueprint_progress"]
        return [(each["right"], each["wrong"] + each["missing"]) for each in progress]

    wait_until(phone.page, lambda: told()[-1:] == [(1, 7)], lambda: f"{told()}")

    place_row = owner.page.locator(".bp-row").first
    place_row.get_by_label("Column").fill("702")
    place_row.get_by_label("Column").press("Tab")
    owner.page.get_by_role("button", name="Save on the site").click()
    owner.page.get_by_role("button", name="Save", exact=True).click()
    expect(phone.toast).to_have_text("Nora's flag has a new version.")

    owner.page.get_by_role("button", name="Mine on the site").click()
    owner.page.once("dialog", lambda dialog: dialog.accept())
    owner.page.locator(".bp-item").get_by_role("button", name="Remove").click()
    expect(phone.toast).to_have_text("Nora's flag is not shown any more.")
    expect(phone.page.locator(".bp-strip")).to_be_hidden()


def test_guests_are_asked_to_sign_in_and_unknown_ones_told(open_page: OpenPage, site: str) -> None:
    page = open_own(open_page, "760,500,20")
    lay(page.page, picture())
    open_panel(page.page)
    page.page.locator(".bp-row").first.get_by_role("button", name="More about").click()
    page.page.get_by_role("button", name="Save on the site").click()
    panel = page.page.locator(".bp-panel")
    expect(panel).to_contain_text("Sign in to save blueprints on the site.")
    panel.get_by_role("button", name="Cancel").click()
    expect(panel.get_by_role("link", name="Sign in")).to_be_hidden()
    page.page.get_by_role("button", name="Mine on the site").click()
    expect(panel.get_by_role("link", name="Sign in")).to_be_visible()
    page.page.goto(f"{site}/?t=nosuchone1")
    page.wait_state("live")
    expect(page.toast).to_have_text("This blueprint is not there any more.")
    page.errors = [error for error in page.errors if "404" not in error]


@pytest.mark.parametrize("device", DEVICES)
def test_who_signs_in_to_save_comes_back_to_the_blueprint(
    open_page: OpenPage, site: str, device: str
) -> None:
    page = open_own(open_page, "780,560,20", **DEVICES[device])
    lay(page.page, picture())
    open_panel(page.page)
    place(page, 782, 562)
    page.page.get_by_role("button", name="Save on the site").click()
    panel = page.page.locator(".bp-panel")
    page.wait_place(lambda *_: True)
    left_at = page._at
    check(page.page)
    panel.get_by_role("link", name="Sign up").click()
    page.page.get_by_label("Username:").fill(f"Saving{device}")
    page.page.get_by_label("Password:", exact=True).fill(PASSWORD)
    page.page.get_by_label("Password confirmation:").fill(PASSWORD)
    page.page.get_by_role("button", name="Sign up").click()
    page.wait_state("live")
    page.wait_place(lambda *place: place == tuple(map(float, left_at.split(","))))
    wait_shown(page, 782, 562, [*RED, 255])
    open_panel(page.page)
    page.page.locator(".bp-row").first.get_by_role("button", name="More about").click()
    page.page.get_by_role("button", name="Save on the site").click()
    page.page.get_by_role("button", name="Save", exact=True).click()
    expect(page.toast).to_have_text("Saved. Anyone can open it by its link.")


def test_what_people_write_of_a_shared_one_is_text(open_page: OpenPage, site: str) -> None:
    title = "<img src=x onerror=alert(1)>"
    description = "<b onpointerenter=alert(2)>bold</b><script>alert(3)</script>"
    link = 'https://example.org/?"><script>alert(4)</script>'
    owner = signed_in(open_page, site, "Hilde", "700,620,20")
    lay(owner.page, picture())
    open_panel(owner.page)
    owner.page.locator(".bp-row").get_by_role("button", name="More about").click()
    owner.page.get_by_role("button", name="Save on the site").click()
    owner.page.get_by_role("textbox", name="Description").fill(description)
    owner.page.get_by_role("textbox", name="Link to your group").fill(link)
    shared = named(owner, title)

    guest = open_own(open_page, "700,620,20", **PHONE)
    alerts: list[str] = []
    asked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        alerts.append(dialog.message)
        dialog.dismiss()

    for page in (owner.page, guest.page):
        page.on("dialog", refuse)
    guest.page.context.on("request", lambda request: asked.append(request.url))
    guest.page.goto(shared)
    expect(guest.page.locator(".bp-strip")).to_be_visible()
    guest.page.locator("#bp-open").tap()
    row = guest.page.locator(".bp-row")
    expect(row.locator(".bp-title")).to_have_text(title)
    row.get_by_role("button", name="More about").tap()
    expect(row.locator(".bp-description")).to_have_text(description)
    anchor = row.locator(".bp-link a")
    expect(anchor).to_have_text(link)
    guest.page.get_by_role("button", name="Versions").tap()
    expect(guest.page.locator(".bp-version")).to_contain_text(title)
    guest.page.get_by_role("button", name="Cancel").first.tap()
    owner.page.get_by_role("button", name="Mine on the site").click()
    expect(owner.page.locator(".bp-item")).to_contain_text(title)
    for page in (owner.page, guest.page):
        assert page.locator("img[src=x], .bp-panel b, .bp-panel script").count() == 0
    assert [url for url in asked if not url.startswith(site)] == []

    # It opens by choice alone, and learns nothing of this page.
    heard: list[dict[str, str]] = []

    def elsewhere(route: Route) -> None:
        heard.append(route.request.headers)
        route.fulfill(body="<p>elsewhere", content_type="text/html")

    guest.page.context.route("https://example.org/**", elsewhere)
    with guest.page.expect_popup() as popup:
        anchor.tap()
    expect(popup.value.locator("p")).to_have_text("elsewhere")
    assert popup.value.evaluate("opener") is None
    assert "referer" not in heard[0]
    assert alerts == []


def note(frames: list[dict[str, Any]]) -> Any:
    def keep(payload: str | bytes) -> None:
        if isinstance(payload, str):
            frames.append(json.loads(payload))

    return keep


def phone_at(page: CanvasPage, at: str) -> CanvasPage:
    page._at = at
    return page
