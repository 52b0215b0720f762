"""axe finds nothing against WCAG 2.2 AA, and targets are large enough for a finger."""

from importlib.resources import files

import pytest

from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import OpenPage
from tests.browser.test_touch import PHONE

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

LOOKS = {
    "desktop": {},
    "dark": {"color_scheme": "dark"},
    "phone": PHONE,
}


def violations(page: CanvasPage) -> list[list[str]]:
    page.page.evaluate(AXE)
    found: list[list[str]] = page.page.evaluate(RUN)
    return found


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(open_page: OpenPage, look: str) -> None:
    page = open_page("500,500,20", reduced_motion="reduce", **LOOKS[look])
    assert violations(page) == []
    for name in ("#people-button", "#menu-button"):
        page.page.locator(name).click()
        assert violations(page) == []
    page.page.keyboard.press("Escape")
    page.page.locator("#stage").focus()
    page.page.keyboard.press("ArrowRight")
    page.page.keyboard.press("l")
    assert violations(page) == []
    page.page.locator("#help-button").click()
    assert violations(page) == []


@pytest.mark.parametrize("look", ["desktop", "phone"])
def test_targets_are_large_enough(open_page: OpenPage, look: str) -> None:
    page = open_page("500,500,20", **LOOKS[look])
    page.page.locator("#stage").focus()
    page.page.keyboard.press("ArrowRight")
    for name in ("#people-button", "#menu-button"):
        page.page.locator(name).click()
        assert page.page.evaluate(SMALL) == []
    page.page.locator("#confirm-look").click()
    page.page.locator("#report summary").click()
    assert page.page.evaluate(SMALL) == []
