"""The page with a keyboard alone."""

from playwright.sync_api import expect

from tests.browser.canvas_page import RED, WHITE
from tests.browser.conftest import OpenPage

# In the order on the screen: pairs of colours, one over the other.
WALK = [
    ("Right", "white"),
    ("Right", "silver"),
    ("Down", "grey"),
    ("Left", "light grey"),
    ("Up", "white"),
    ("Left", "No colour, look pixels up"),
    ("Down", "white"),
]

FOCUS_ORDER = [
    *("stage", "goto-button", "no-color"),
    *("connection", "people-button", "blueprints-button", "menu-button"),
    *("history-button", "help-button"),
    *("stroke", "quick", "undo", "zoom-in", "zoom-out", "zoom-fit"),
]


def test_a_pixel_is_drawn_with_keys_alone(open_page: OpenPage) -> None:
    page = open_page("600,600,20")
    press = page.page.keyboard.press
    press("9")
    expect(page.page.locator("#color-name")).to_have_text("red")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        press(key)
    expect(page.page.locator("#said")).to_have_text("601, 601: white")
    assert page.color_at(601, 601) == WHITE
    press("Enter")
    page.wait_color(601, 601, RED)
    expect(page.page.locator("#said")).to_have_text("Drawn: red at 601, 601")


def test_the_cursor_takes_the_view_along(open_page: OpenPage) -> None:
    page = open_page("620,600,20")
    page.page.locator("#stage").focus()
    for _ in range(8):
        page.page.keyboard.press("Shift+ArrowRight")
    page.wait_place(lambda x, y, scale: x > 650)


def test_shift_reaches_the_edge_quickly_and_home_and_end_at_once(open_page: OpenPage) -> None:
    page = open_page("500,700,20")
    page.page.locator("#stage").focus()
    page.page.keyboard.press("ArrowRight")
    said = page.page.locator("#said")
    for _ in range(8):
        page.page.keyboard.press("Shift+ArrowLeft")
    expect(said).to_have_text("0, 700: white")
    for key, place in [("End", "999, 700"), ("PageDown", "999, 999"), ("Home", "0, 999")]:
        page.page.keyboard.press(key)
        expect(said).to_have_text(f"{place}: white")
    page.page.keyboard.press("PageUp")
    expect(said).to_contain_text("0, 0: ")
    page.wait_place(lambda x, y, scale: x < 30 and y < 30)


def test_keys_alone_go_to_a_place(open_page: OpenPage) -> None:
    page = open_page("510,700,20")
    page.page.keyboard.press("x")
    page.page.keyboard.type("20 30")
    page.page.keyboard.press("Enter")
    expect(page.page.locator("#stage")).to_be_focused()
    expect(page.page.locator("#said")).to_have_text("20, 30: white")
    page.page.keyboard.press("9")
    page.page.keyboard.press("Enter")
    page.wait_place(lambda x, y, scale: (x, y) == (20, 30))
    page.wait_color(20, 30, RED)
    page.page.keyboard.press("x")
    page.page.keyboard.press("Escape")
    expect(page.page.locator("#goto-panel")).to_be_hidden()
    expect(page.page.locator("#stage")).to_be_focused()


def test_letters_move_the_view(open_page: OpenPage) -> None:
    page = open_page("640,600,20")
    page.page.keyboard.down("d")
    page.wait_place(lambda x, y, scale: x > 645)
    page.page.keyboard.up("d")


def test_every_key_of_the_help_does_what_it_says(open_page: OpenPage) -> None:
    page = open_page("600,640,20")
    press = page.page.keyboard.press

    def zoom(key: str, wanted: int) -> None:
        press(key)
        page.wait_place(lambda x, y, scale: abs(scale - wanted) < 0.5)

    for key, wanted in [("+", 30), ("-", 20), ("e", 30), ("q", 20)]:
        zoom(key, wanted)
    name = page.page.locator("#color-name")
    for key, color in [("Shift+2", "apricot"), ("j", "orange"), ("k", "apricot"), ("0", "coral")]:
        press(key)
        expect(name).to_have_text(color)
    press("ArrowRight")
    press("Space")
    expect(page.page.locator("#said")).to_have_text("Drawn: coral at 600, 640")
    press("1")
    press("i")
    expect(page.page.locator("#confirm-what")).to_have_text("coral")
    for key, panel in [("l", "#pixel-panel"), ("o", "#people-panel")]:
        press(key)
        expect(page.page.locator(panel)).to_be_visible()
        press("Escape")
        expect(page.page.locator(panel)).to_be_hidden()
        expect(page.page.locator("#stage")).to_be_focused()
    with page.page.expect_download() as download:
        press("p")
    assert download.value.suggested_filename == "main-view.png"
    press("Escape")
    press("Escape")
    expect(name).to_have_text("Choose a colour")
    press("f")
    page.wait_place(lambda x, y, scale: scale < 1)


def test_tab_goes_from_the_board_through_all_that_floats_over_it(open_page: OpenPage) -> None:
    page = open_page("600,660,20")
    visited = []
    for _ in FOCUS_ORDER:
        page.page.keyboard.press("Tab")
        visited.append(page.page.evaluate("document.activeElement.id"))
    assert visited == FOCUS_ORDER


def test_keys_are_left_to_fields_and_buttons(open_page: OpenPage) -> None:
    page = open_page("660,600,20")
    page.page.locator("#people-button").click()
    page.page.locator("#people-search").fill("")
    page.page.locator("#people-search").press("9")
    expect(page.page.locator("#people-search")).to_have_value("9")
    expect(page.page.locator("#color-name")).not_to_have_text("red")


def test_a_panel_gives_the_focus_back(open_page: OpenPage) -> None:
    page = open_page("680,600,20")
    button = page.page.locator("#menu-button")
    button.focus()
    button.press("Enter")
    expect(page.page.locator("#menu-panel h2")).to_be_focused()
    page.page.keyboard.press("Escape")
    expect(page.page.locator("#menu-panel")).to_be_hidden()
    expect(button).to_be_focused()


def test_the_help_sheet_opens_on_a_question_mark(open_page: OpenPage) -> None:
    page = open_page()
    page.page.keyboard.press("?")
    expect(page.page.get_by_role("dialog", name="How to draw")).to_be_visible()
    page.page.keyboard.press("Escape")
    expect(page.page.get_by_role("dialog", name="How to draw")).to_be_hidden()


def test_the_palette_is_one_stop_and_walks_with_arrows(open_page: OpenPage) -> None:
    page = open_page()
    page.page.locator("#no-color").focus()
    for key, name in WALK:
        page.page.keyboard.press(f"Arrow{key}")
        expect(page.page.get_by_role("radio", name=name, exact=True)).to_be_focused()
    expect(page.page.get_by_role("radio", checked=True)).to_have_count(1)
    assert page.page.locator("#palette [tabindex='0']").count() == 1
