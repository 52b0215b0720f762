"""The account's pages: accessible, and safe."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import NewContext
from tests.browser.test_accessibility import DEVICES, violations

PASSWORD = "correct horse battery"
TARGETS = """() => [...document.querySelectorAll("button, input, form a, .links a")]
  .filter((target) => target.checkVisibility() && target.type !== "checkbox")
  .map((target) => [target.outerHTML, target.getBoundingClientRect()])
  .filter(([, { height }]) => height < 43.99).map(([html]) => html)"""
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def sign_up(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/accounts/signup/?next=/accounts/")
    page.get_by_label("Username:").fill(name)
    page.get_by_label("Password:", exact=True).fill(PASSWORD)
    page.get_by_label("Password confirmation:").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_text(name)).to_be_visible()


def check(page: Page) -> None:
    assert violations(page) == [], page.url
    assert page.evaluate(TARGETS) == [], page.url
    assert not page.evaluate(WIDER), page.url


@pytest.mark.parametrize("device", DEVICES)
def test_every_page_is_accessible(device: str, new_context: NewContext, site: str) -> None:
    page = new_context(bypass_csp=True, **DEVICES[device]).new_page()  # axe is a script of ours
    for path in ("login/", "signup/", "reset/", "reset/sent/", "reset/MQ/wrong/"):
        page.goto(f"{site}/accounts/{path}")
        check(page)
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("Username:").fill("nobody")
    page.get_by_label("Password:").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("correct username and password")).to_be_visible()
    check(page)
    sign_up(page, site, f"ada-{device}")
    for path in ("", "password/", "delete/", "tokens/"):
        page.goto(f"{site}/accounts/{path}")
        check(page)
    page.get_by_label("Name:").fill("my bot")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_text("px_")).to_be_visible()
    check(page)


def test_a_log_out_in_one_tab_logs_out_the_canvas_in_another(
    new_context: NewContext, site: str
) -> None:
    context = new_context()
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("console", lambda line: faults.append(line.text) if "Policy" in line.text else None)
    account, canvas = context.new_page(), context.new_page()
    sign_up(account, site, "grace")
    canvas.goto(site)
    expect(canvas.locator("#my-name")).to_have_text("grace")
    expect(canvas.locator("#connection")).to_have_attribute("data-state", "live")
    account.get_by_role("button", name="Log out").click()
    expect(canvas.locator("#connection")).not_to_have_attribute("data-state", "live")
    assert faults == []


def test_from_the_account_one_comes_back_to_the_same_place(
    new_context: NewContext, site: str
) -> None:
    page = new_context().new_page()
    sign_up(page, site, "Returning")
    canvas = CanvasPage(page, site, "432,567,12")
    canvas.open()
    for leave in ("#people-button", "#menu-button"):
        page.locator(leave).click()
        page.get_by_role("link", name="Your account").locator("visible=true").click()
        expect(page.get_by_role("heading", name="Your account")).to_be_visible()
        page.get_by_role("link", name="Access tokens").click()
        page.get_by_role("link", name="Your account").click()
        page.get_by_role("link", name="To the canvas").click()
        canvas.wait_place(lambda x, y, zoom: (x, y, zoom) == (432, 567, 12))
