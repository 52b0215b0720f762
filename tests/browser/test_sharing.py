"""Sharing: a link to a place, and pictures to save."""

from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.canvas_page import RED, WHITE
from tests.browser.conftest import OpenPage


def saved(page: Page, trigger: str) -> tuple[str, Path]:
    """Click there; return the suggested name of the download, and the file."""
    with page.expect_download() as download:
        page.locator(trigger).click()
    return download.value.suggested_filename, download.value.path()


def test_a_copied_link_opens_the_same_place(open_page: OpenPage, site: str) -> None:
    page = open_page("120,900,20", permissions=["clipboard-read", "clipboard-write"])
    page.page.keyboard.press("c")
    expect(page.toast).to_have_text("Link to this place copied.")
    link = page.page.evaluate("navigator.clipboard.readText()")
    assert link == f"{site}/?x=120&y=900&zoom=20#120,900,20"
    page.page.goto(link.partition("#")[0])
    page.wait_state("live")
    page.wait_place(lambda x, y, scale: (x, y, scale) == (120, 900, 20))
    assert page.page.evaluate("location.search") == "", "the query is for those that only look"


def test_the_view_is_saved_as_it_is_seen(open_page: OpenPage) -> None:
    page = open_page("160,900,20")
    page.draw("red", 161, 900)
    page.wait_color(161, 900, RED)
    page.page.locator("#menu-button").click()
    name, file = saved(page.page, "#save-view")
    image = Image.open(file).convert("RGB")
    assert name == "main-view.png"
    assert image.size == (1280, 720)
    left, top = (round(part) for part in page.point(161, 900))
    assert image.getpixel((left, top)) == RED
    assert image.getpixel((left + 20, top)) == WHITE


def test_the_whole_canvas_is_saved(open_page: OpenPage) -> None:
    page = open_page("200,900,20")
    page.draw("red", 200, 900)
    page.wait_color(200, 900, RED)
    page.page.locator("#menu-button").click()
    name, file = saved(page.page, "#save-board")
    image = Image.open(file).convert("RGB")
    assert name == "main.png"
    assert image.size == (1000, 1000)
    assert image.getpixel((200, 900)) == RED
