"""Safety: names are shown as text, and only our own modules may run."""

import json
import urllib.request

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage

NASTY = "<img src=x onerror=alert(1)>"


def test_markup_in_a_name_is_shown_as_text(open_page: OpenPage, site: str) -> None:
    body = json.dumps({"x": 700, "y": 700, "color": "#FF0000", "username": NASTY}).encode()
    headers = {"Content-Type": "application/json"}
    urllib.request.urlopen(
        urllib.request.Request(f"{site}/api/pixel", body, headers, method="PUT")
    ).close()
    page = open_page("700,700,20")
    page.page.on("dialog", lambda dialog: page.errors.append(dialog.message))
    page.page.keyboard.down("Shift")
    page.click(700, 700)
    page.page.keyboard.up("Shift")
    expect(page.page.locator("#pixel-who bdi")).to_have_text(NASTY)
    assert page.page.locator("#pixel-panel img").count() == 0


def test_a_guest_can_choose_a_name(open_page: OpenPage) -> None:
    page = open_page("720,700,20")
    page.page.locator("#people-button").click()
    page.page.locator("#nickname").fill(NASTY)
    page.page.locator("#nickname").press("Enter")
    page.draw("red", 720, 702)
    expect(page.page.locator("#people-list")).to_contain_text(NASTY)
    page.page.reload()
    page.page.locator("#people-button").click()
    expect(page.page.locator("#nickname")).to_have_value(NASTY)


def test_inline_script_is_not_run(open_page: OpenPage) -> None:
    page = open_page()
    page.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'),"
        " { textContent: 'window.ran = true' }))"
    )
    assert page.page.evaluate("window.ran") is None
    assert any("Content Security Policy" in error for error in page.errors)
    page.errors.clear()


def test_only_this_origin_may_run_anything(site: str) -> None:
    with urllib.request.urlopen(f"{site}/") as answer:
        policy = answer.headers["Content-Security-Policy"]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert rules["default-src"] == "'self'"
    assert rules["object-src"] == rules["base-uri"] == "'none'"
    assert [name for name in rules if name.startswith(("script", "style", "connect"))] == []
    assert "unsafe" not in policy
