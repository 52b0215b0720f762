"""Things that Firefox keeps, shows again and saves."""

import time
from pathlib import Path

from PIL import Image

from tests.browser.canvas_page import RED, WHITE
from tests.browser.test_people import JOINED
from tests.firefox.canvas_page import FirefoxPage
from tests.firefox.conftest import OpenPage
from tests.firefox.firefox import Firefox

STORE = "localStorage.setItem('pixelsite', arguments[0])"


def draw(page: FirefoxPage, x: int, y: int) -> None:
    page.choose("red")
    page.click_cell(x, y)
    page.wait_color(x, y, RED)


def test_a_language_that_is_gone_is_not_spoken(open_page: OpenPage) -> None:
    page = open_page("20,100,20")
    page.evaluate(STORE, '{"language": "tlh", "grid": false}')
    page.reload()
    page.wait_state("live")
    page.wait_text("#color-name", "Choose a colour")
    assert page.evaluate("return document.documentElement.lang") == "en"
    assert page.evaluate("return document.getElementById('set-grid').checked") is False


def test_two_tabs_keep_each_others_settings(open_page: OpenPage) -> None:
    first = open_page("20,100,20")
    second = open_page("20,100,20", again=True)
    first.press("g")
    first.wait("!document.getElementById('set-grid').checked")
    second.press("n")
    second.wait("document.getElementById('set-symbols').checked")
    second.reload()
    second.wait_state("live")
    for name, on in (("grid", False), ("symbols", True)):
        assert second.evaluate(f"return document.getElementById('set-{name}').checked") is on


def test_before_and_after_are_true_where_a_canvas_cannot_be_read(
    open_page: OpenPage, firefox: Firefox
) -> None:
    drawer = open_page("220,100,20")
    draw(drawer, 221, 100)
    time.sleep(1.1)  # before and after are two seconds
    draw(drawer, 222, 100)
    firefox.prefer("privacy.resistFingerprinting", True)
    page = open_page("220,100,20")
    page.press("h")
    page.click("#past [aria-expanded]")
    page.wait("document.querySelector('#past-panel')?.checkVisibility()")
    page.evaluate("document.querySelector('#past-panel .past-second').click()")
    image = Image.open(firefox.downloaded()).convert("RGB")
    colors = {color for _, color in image.getcolors() or []}
    assert RED in colors
    assert colors <= {RED, WHITE}


def test_going_back_closes_a_panel_and_stays(open_page: OpenPage) -> None:
    page = open_page("60,100,20")
    page.click("#people-button")
    page.wait("!document.getElementById('people-panel').hidden")
    page.driver.go_back()
    page.wait("document.getElementById('people-panel').hidden")
    page.wait_state("live")


def test_the_place_survives_signing_up(open_page: OpenPage) -> None:
    page = open_page("260,100,24")
    page.click("#people-button")
    page.click("#people-panel a[href*=login]")
    page.wait("document.querySelector('a[href*=signup]')")
    page.click("a[href*=signup]")
    page.wait("document.querySelectorAll('input[type=password]').length === 2")
    page.find("#id_username").send_keys("fox-keeper")
    for number in (1, 2):
        page.find(f"#id_password{number}").send_keys("a long pass phrase 7")
    page.find("main button[type=submit]").click()  # below the window
    page.wait_state("live", seconds=30)  # a password is hashed first
    page.wait("location.hash === '#260,100,24'")


def test_a_pixel_is_drawn_under_a_name_with_joiners(open_page: OpenPage) -> None:
    page = open_page("300,100,20")
    page.click("#people-button")
    page.find("#nickname").clear()
    page.find("#nickname").send_keys(JOINED["Persian"])
    page.click("#nickname-form button")
    page.click("#people-panel [data-close]")
    page.choose("red")
    page.click_cell(301, 100)
    page.wait_color(301, 100, RED)
    page.press("ArrowRight", "l")
    page.wait_text("#pixel-who", JOINED["Persian"])


def test_the_canvases_are_listed_with_a_way_there_and_back(open_page: OpenPage) -> None:
    page = open_page("340,100,20")
    page.click("#menu-button")
    page.click("#menu-panel a[href*=canvases]")
    page.wait("document.querySelector('.canvases .card img')?.naturalWidth > 0")
    page.click(".canvases .card")
    page.wait_state("live")
    page.driver.go_back()
    page.wait("document.querySelector('.canvases .card')")


def test_where_a_canvas_cannot_be_read_the_server_draws(
    open_page: OpenPage, firefox: Firefox
) -> None:
    draw(open_page("100,100,20"), 101, 100)
    firefox.prefer("privacy.resistFingerprinting", True)
    page = open_page("100,100,20")
    page.press("p")
    image = Image.open(firefox.downloaded()).convert("RGB")
    colors = {color for _, color in image.getcolors() or []}
    assert colors == {RED, WHITE}


def test_a_blueprint_is_laid_and_comes_back(open_page: OpenPage, tmp_path: Path) -> None:
    picture = tmp_path / "flag.png"
    Image.new("RGB", (4, 2), RED).save(picture)
    page = open_page("140,100,20")
    page.press("v")
    page.wait("document.querySelector('#blueprints-title')?.checkVisibility()")
    page.find("input[type=file]").send_keys(str(picture))
    page.click(".bp-form button[type=submit]:enabled")
    page.click("#bp-done")
    page.wait_color(140, 100, RED, "blueprints")
    page.reload()
    page.wait_state("live")
    page.wait_color(140, 100, RED, "blueprints")


def test_the_time_bar_shows_the_board_of_then(open_page: OpenPage) -> None:
    page = open_page("180,100,20")
    draw(page, 181, 100)
    draw(page, 182, 100)
    page.press("h")
    page.click("#past .past-track")
    page.press("Home")
    page.wait_color(182, 100, WHITE)
    page.press("Escape")
    page.wait("!document.getElementById('past')")
    page.wait_color(182, 100, RED)
