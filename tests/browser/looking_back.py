"""Steps of the tests of the past on the page: go to a moment, open the panel, save."""

import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.a_past import COUNT
from tests.browser.canvas_page import CanvasPage

SAVING = 90_000  # ms for a film


def go(page: CanvasPage, place: str) -> None:
    page.page.evaluate("place => { location.hash = place; }", place)


def wait_seq(page: CanvasPage, seq: int) -> None:
    said = page.page.locator("#past .past-seq")
    expect(said).to_have_text(f"Pixel {seq:,} of {COUNT:,}")


def panel(page: CanvasPage) -> Locator:
    """Open the panel beside the bar."""
    page.page.locator("#past").get_by_role("button", name="Layers").click()
    return page.page.locator("#past-panel")


def save(page: CanvasPage, button: str) -> Path:
    """Click a button of the panel; return the file that it saves, under the name it gives."""
    with page.page.expect_download(timeout=SAVING) as download:
        page.page.locator("#past-panel").get_by_role("button", name=button).click()
    file = Path(download.value.path())
    return file.rename(file.with_name(re.sub(r"[^\w.-]", "", download.value.suggested_filename)))
