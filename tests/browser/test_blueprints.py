"""Blueprints: a picture is converted, placed, drawn over, kept; by mouse, finger and keys."""

import io
import json
from base64 import b64encode
from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.canvas_page import BLUE, READ_PIXEL, RED, CanvasPage
from tests.browser.conftest import OpenPage
from tests.browser.test_accessibility import check
from tests.browser.test_touch import PHONE
from tests.browser.waiting import wait_until

NAVY = (0x12, 0x30, 0x6B)
# Reads a pixel of the blueprints; nothing is shown before there are any.
READ = f"""([x, y]) => document.getElementById("blueprints")?.clientWidth
  ? ({READ_PIXEL})(["blueprints", x, y]) : [0, 0, 0, 0]"""
# Counts the times that the layer is laid anew.
COUNT_LAYINGS = """() => {
  window.laid = 0;
  const { clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.clearRect = function (...area) {
    if (this.canvas.id === "blueprints") window.laid += 1;
    clearRect.apply(this, area);
  };
}"""


def picture(columns: int = 4, enlarged: int = 1, kind: str = "PNG") -> bytes:
    """Return a picture of two rows: red above, navy below."""
    image = Image.new("RGB", (columns, 2), RED)
    image.paste(NAVY, (0, 1, columns, 2))
    image = image.resize((columns * enlarged, 2 * enlarged), Image.Resampling.NEAREST)
    stream = io.BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


def file(content: bytes, name: str = "flag.png") -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def open_own(open_page: OpenPage, at: str, **options: Any) -> CanvasPage:
    """Open the canvas in a browser that keeps no blueprints of other tests."""
    return open_page(at, **{"reduced_motion": "reduce", **options})


def open_panel(page: Page) -> None:
    page.keyboard.press("v")
    expect(page.locator("#blueprints-title")).to_be_visible()


def add(page: Page, content: bytes, name: str = "flag.png") -> None:
    """Choose a file; the panel is open, and its form then is."""
    page.set_input_files("input[type=file]", file(content, name))
    expect(page.get_by_role("button", name="Place it")).to_be_visible()


def lay(page: Page, content: bytes) -> None:
    """Lay a picture in the middle of what is seen, and leave it there."""
    open_panel(page)
    add(page, content)
    page.get_by_role("button", name="Place it").click()
    page.locator("#bp-done").click()


def shown_at(page: CanvasPage, x: float, y: float) -> list[int]:
    """Return what the blueprints show at the middle of a cell: red, green, blue, alpha."""
    found: list[int] = page.page.evaluate(READ, list(page.point(int(x), int(y))))
    return found


def wait_shown(page: CanvasPage, x: int, y: int, color: list[int]) -> None:
    wait_until(
        page.page,
        lambda: shown_at(page, x, y) == color,
        lambda: f"({x}, {y}) shows {shown_at(page, x, y)}",
    )


def place(page: CanvasPage, x: int, y: int) -> None:
    """Give the first blueprint a place by numbers; the panel is open."""
    row = page.page.locator(".bp-row").first
    row.get_by_role("button", name="More about this blueprint").click()
    for label, value in (("Column", x), ("Row", y)):
        row.get_by_label(label).fill(str(value))
        row.get_by_label(label).press("Tab")


def close_panel_at(page: CanvasPage, at: str) -> None:
    """Close the panel, and go to a place; closing goes back in the history, after a while."""
    page.page.keyboard.press("Escape")
    page.page.wait_for_function("!history.state?.open")
    page.page.goto(f"{page.page.url.partition('#')[0]}#{at}")
    page.wait_place(lambda *place: place == tuple(float(part) for part in at.split(",")))


def test_a_picture_is_shrunk_placed_drawn_and_comes_back(open_page: OpenPage) -> None:
    page = open_own(open_page, "700,300,20")
    open_panel(page.page)
    add(page.page, picture(enlarged=7))
    expect(
        page.page.get_by_text("4 × 2 cells in 2 colours. It was enlarged 7 times")
    ).to_be_visible()
    page.page.get_by_role("button", name="Place it").click()
    page.page.keyboard.press("ArrowRight")
    page.page.keyboard.press("Shift+ArrowUp")
    expect(page.page.locator(".bp-strip")).to_contain_text("699, 289")
    expect(page.page.locator("#said")).to_contain_text("699, 289")
    page.page.keyboard.press("Enter")
    open_panel(page.page)
    place(page, 699, 299)
    close_panel_at(page, "700,300,20")
    wait_shown(page, 699, 299, [*RED, 255])
    wait_shown(page, 699, 300, [*NAVY, 255])
    page.hover(699, 299)  # the hand takes the colour
    page.click(699, 299)
    page.wait_color(699, 299, RED)
    expect(page.page.locator(".bp-strip")).to_contain_text("7 left")
    page.page.reload()
    page.wait_state("live")
    wait_shown(page, 699, 300, [*NAVY, 255])
    expect(page.page.locator(".bp-strip")).to_contain_text("7 left")


def pan(page: CanvasPage, start: int, end: int) -> None:
    """Drag the board sideways until another column is in the middle."""
    page.drag((start, 695), (2 * start - end, 695))
    page.wait_place(lambda x, _y, _zoom: x == end)


def test_a_drag_moves_the_picture_and_paints_what_is_missing(open_page: OpenPage) -> None:
    page = open_own(open_page, "600,700,20")
    lay(page.page, picture(columns=60))
    open_panel(page.page)
    place(page, 580, 700)
    close_panel_at(page, "600,700,20")
    wait_shown(page, 600, 701, [*NAVY, 255])
    page.page.evaluate(COUNT_LAYINGS)
    pan(page, 600, 610)
    wait_shown(page, 610, 701, [*NAVY, 255])
    assert page.page.evaluate("laid") == 0
    for centre in (610, 622, 634):
        pan(page, centre, centre + 12)
    assert page.page.evaluate("laid") > 0
    for column in (630, 637, 639):
        wait_shown(page, column, 700, [*RED, 255])
        wait_shown(page, column, 701, [*NAVY, 255])
    assert shown_at(page, 640, 701)[3] == 0


def test_the_order_comes_back_after_a_reload(open_page: OpenPage) -> None:
    page = open_own(open_page, "1020,300,20").page
    names = [f"flag {number}" for number in range(6)]
    for name in names:
        open_panel(page)
        add(page, picture(), f"{name}.png")
        page.get_by_role("button", name="Place it").click()
        page.locator("#bp-done").click()
    titles = page.locator(".bp-title:visible")
    open_panel(page)
    expect(titles).to_have_text(names[::-1])
    page.reload()
    page.locator("#bp-open").click()
    expect(titles).to_have_text(names[::-1])
    last = page.locator(".bp-row").last
    last.get_by_role("button", name="More about").click()
    last.get_by_role("button", name="Lay it one higher").click()
    expected = [*names[:1:-1], names[0], names[1]]
    expect(titles).to_have_text(expected)
    page.reload()
    page.locator("#bp-open").click()
    expect(titles).to_have_text(expected)


def test_next_goes_to_the_nearest_wrong_cell_and_says_where(open_page: OpenPage) -> None:
    page = open_own(open_page, "740,300,20")
    lay(page.page, picture())
    open_panel(page.page)
    place(page, 752, 303)
    page.page.keyboard.press("Escape")
    page.page.locator("#stage").focus()
    page.page.keyboard.press("r")
    said = page.page.locator("#said")
    expect(said).to_have_text("Next missing: 12 right, 3 down, red")
    page.page.keyboard.press("Enter")
    expect(page.page.locator(".bp-strip")).to_contain_text("7 left")
    other = open_page("740,300,20")
    other.draw("blue", 753, 303)
    other.wait_color(753, 303, BLUE)
    open_panel(page.page)
    expect(page.page.locator(".bp-facts")).to_contain_text("1 wrong · 6 missing")
    page.page.get_by_role("button", name="Nearest wrong or missing cell (R)").click()
    expect(said).to_have_text("Next wrong: 1 right, red")


def test_a_finger_draws_a_blueprint_on_a_phone(open_page: OpenPage) -> None:
    page = open_own(open_page, "800,300,20", **PHONE | {"viewport": {"width": 320, "height": 640}})
    phone = page.page
    phone.locator("#menu-button").tap()
    phone.get_by_role("button", name="Blueprints").tap()
    expect(phone.locator("#blueprints-title")).to_be_visible()
    box = phone.locator("#blueprints-panel").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    add(phone, picture(columns=1))
    phone.get_by_role("button", name="Place it").tap()
    phone.locator("#bp-done").tap()
    for left in (1, 0):
        phone.locator("#bp-next").tap()
        phone.locator("#confirm-place").tap()
        expect(phone.locator(".bp-strip")).to_contain_text(f"{left} left" if left else "All right")


def test_right_cells_are_drawn_over_only_by_intent(open_page: OpenPage) -> None:
    page = open_own(open_page, "860,300,20")
    page.draw("red", 860, 300)
    page.wait_color(860, 300, RED)
    lay(page.page, picture(columns=1))
    open_panel(page.page)
    place(page, 860, 300)
    page.page.get_by_text("The hand takes the blueprint's colour").click()
    close_panel_at(page, "860,300,20")
    wait_shown(page, 860, 301, [*NAVY, 255])
    page.choose("blue")
    page.click(860, 300)
    expect(page.toast).to_have_text("This cell is right: red. Draw again to draw over it.")
    assert page.color_at(860, 300) == RED
    page.click(860, 300)
    page.wait_color(860, 300, BLUE)


def test_a_dragged_part_of_the_board_becomes_a_blueprint(open_page: OpenPage) -> None:
    page = open_own(open_page, "900,300,20")
    page.draw("red", 900, 300)
    page.draw("blue", 902, 301)
    page.wait_color(902, 301, BLUE)
    open_panel(page.page)
    page.page.get_by_role("button", name="From the board").click()
    page.drag((900, 300), (902, 301))
    expect(page.page.locator(".bp-row")).to_contain_text("6 of 6 right")
    page.page.get_by_text("The hand takes the blueprint's colour").click()
    page.page.get_by_text("Warn before right cells are drawn over").click()
    page.draw("yellow", 900, 300)
    expect(page.page.locator(".bp-row")).to_contain_text("5 of 6 right · 1 wrong")


def test_a_part_of_the_board_is_framed_by_keys(open_page: OpenPage) -> None:
    page = open_own(open_page, "540,100,20")
    open_panel(page.page)
    page.page.get_by_role("button", name="From the board").click()
    page.page.locator("#stage").focus()
    page.page.keyboard.press("ArrowUp")
    said = page.page.locator("#said")
    expect(said).to_have_text("From 529, 94: 22 wide, 12 high")

    for _ in range(30):
        page.page.keyboard.press("Shift+ArrowLeft")
    page.page.keyboard.press("Shift+ArrowDown")
    page.page.keyboard.press("ArrowDown")
    expect(said).to_have_text("From 529, 95: 1 wide, 13 high")
    page.page.keyboard.press("Enter")
    expect(page.page.locator(".bp-row")).to_contain_text("13 of 13 right")


def test_files_of_other_tools_and_bad_ones(open_page: OpenPage) -> None:
    page = open_own(open_page, "940,300,20")
    open_panel(page.page)
    image = f"data:image/png;base64,{b64encode(picture()).decode()}"
    wplace = {"schemaVersion": "1", "name": "Owl (941, 302)", "image": {"dataUrl": image}}
    add(page.page, json.dumps(wplace).encode(), "owl.wplace")
    expect(page.page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Owl")
    page.page.get_by_role("button", name="Place it").click()
    expect(page.page.locator(".bp-strip")).to_contain_text("941, 302")
    page.page.keyboard.press("Enter")
    bad: dict[str, tuple[bytes, str]] = {
        "cut.png": (picture()[:-9], "This picture is cut off: its end is missing."),
        "words.txt": (b"only words", "This is no PNG, WebP, GIF or JPEG."),
        "a.svg": (b"<svg></svg>", "SVG is no picture of pixels. Save it as PNG."),
        "a.json": (b"{", "This file is broken: it is no complete JSON."),
        "hole.png": (broken(), "This picture is broken."),
    }
    for name, (content, words) in bad.items():
        page.page.set_input_files("input[type=file]", file(content, name))
        expect(page.toast).to_have_text(words)


def broken() -> bytes:
    """Return a PNG whose head and end are right, and whose pixels are not."""
    content = bytearray(picture())
    at = content.index(b"IDAT")
    content[at + 6 : at + 10] = b"\xff\xff\xff\xff"
    return bytes(content)


def test_everyone_can_use_the_blueprints(open_page: OpenPage) -> None:
    for device in ({}, PHONE):
        page = open_own(open_page, "980,300,20", **device).page
        page.locator("#stage").focus()
        open_panel(page)
        check(page)
        add(page, picture())
        check(page)
        page.get_by_role("button", name="Place it").click()
        page.locator("#bp-done").click()
        check(page)
        page.locator("#bp-open").click()
        page.get_by_role("button", name="More about this blueprint").click()
        check(page)
