"""axe finds nothing against WCAG 2.2 AA, and targets are large enough for a finger."""

from importlib.resources import files

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.test_touch import PHONE

pytestmark = pytest.mark.core

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run(document, { runOnly: tags });
  return violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html)]);
}"""
# Not 44 sharp: a panel that slides in has rounding errors.
SMALL = """() => [...document.querySelectorAll("button, input, select, summary, a, label.switch")]
  .filter((target) => target.checkVisibility() && target.type !== "checkbox")
  .map((target) => [target.id || target.textContent, target.getBoundingClientRect()])
  .filter(([, { width, height }]) => Math.min(width, height) < 43.99)
  .map(([name, { width, height }]) => `${name}: ${width} x ${height}`)"""

DEVICES = {"desktop": {}, "phone": PHONE}


def violations(page: Page) -> list[list[str]]:
    """Return axe's findings in the light and the dark scheme."""
    found: list[list[str]] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(AXE)
        found += page.evaluate(RUN)
    return found


def check(page: Page) -> None:
    assert violations(page) == []
    assert page.evaluate(SMALL) == []


@pytest.mark.parametrize("device", DEVICES)
def test_everyone_can_use_the_page(open_page: OpenPage, device: str) -> None:
    page = open_page("500,500,20", reduced_motion="reduce", **DEVICES[device]).page
    check(page)
    for name in ("#people-button", "#menu-button", "#goto-button"):
        page.locator(name).click()
        check(page)
        page.keyboard.press("Escape")  # on a phone the menu lies over the dock
    page.locator("#stage").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("l")
    page.locator("#report summary").click()
    check(page)
    page.locator("#help-button").click()
    assert violations(page) == []
