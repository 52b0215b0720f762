"""Pictures on their way in: dropped, pasted or chosen, in each format, and without a request."""

import io
import re
import struct
import zlib
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, Request, Route, expect

from canvas.domain.palette import DEFAULT_PALETTE
from tests.browser.canvas_page import RED, CanvasPage
from tests.browser.conftest import OpenPage
from tests.browser.test_blueprints import (
    NAVY,
    close_panel_at,
    file,
    open_own,
    open_panel,
    picture,
    place,
    wait_shown,
)

# Makes a file known as `held`.
HOLD = """([data, name]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  window.held = new File([bytes], name);
}"""
# Drops or pastes it, as the browser tells a page of it; notes the longest time in which the page
# then does nothing else.
GIVE = """(way) => {
  const files = new DataTransfer();
  files.items.add(window.held);
  Object.assign(window, { longest: 0, before: performance.now() });
  window.looking ??= setInterval(() => {
    const now = performance.now();
    window.longest = Math.max(window.longest, now - window.before);
    window.before = now;
  });
  const common = { bubbles: true, cancelable: true };
  if (way === "paste") {
    const event = new ClipboardEvent("paste", { ...common, clipboardData: files });
    return document.body.dispatchEvent(event);
  }
  const stage = document.getElementById("stage");
  stage.dispatchEvent(new DragEvent("dragover", { ...common, dataTransfer: files }));
  return stage.dispatchEvent(new DragEvent("drop", { ...common, dataTransfer: files }));
}"""
# A browser that hides what pictures show, against fingerprinting.
NOISE = """
const read = OffscreenCanvasRenderingContext2D.prototype.getImageData;
OffscreenCanvasRenderingContext2D.prototype.getImageData = function (...area) {
  const image = read.apply(this, area);
  image.data[5] ^= 1;
  return image;
};
"""
UNKNOWN = "This is no PNG, WebP, GIF or JPEG."


def give(page: Page, way: str, content: bytes, name: str) -> None:
    """Hand a file to the page; fail where the browser would open it in place of the page."""
    if way == "choose":
        page.set_input_files("input[type=file]", file(content, name))
    else:
        page.evaluate(HOLD, [b64encode(content).decode(), name])
        left_to_browser = page.evaluate(GIVE, way)
        assert not left_to_browser, f"{way}: the browser takes it"


def exact(kind: str) -> bytes:
    """Return the picture of two rows in a format, without losses that matter."""
    stream = io.BytesIO()
    options = {"quality": 100, "subsampling": 0} if kind == "JPEG" else {"lossless": True}
    Image.open(io.BytesIO(picture())).save(stream, kind, **options)
    return stream.getvalue()


def large(side: int = 4096) -> bytes:
    """Return a picture in the colours of the palette, coarse but for some single cells."""
    chance = np.random.default_rng(3)
    coarse = chance.integers(1, len(DEFAULT_PALETTE), (side // 16, side // 16), np.uint8)
    cells = coarse.repeat(16, 0).repeat(16, 1)
    cells[::97, ::97] = 1
    image = Image.fromarray(cells, "P")
    image.putpalette(bytes.fromhex("".join(color[1:] for color in DEFAULT_PALETTE)))
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def lying(kind: str, side: int) -> bytes:
    """Return the picture of eight pixels, whose head says that it is a large square."""
    content = bytearray(exact(kind))
    if kind == "PNG":
        content[16:24] = struct.pack(">II", side, side)
        content[29:33] = struct.pack(">I", zlib.crc32(content[12:29]))
    elif kind == "JPEG":
        frame = content.index(b"\xff\xc0")
        content[frame + 5 : frame + 9] = struct.pack(">HH", side, side)
    elif kind == "GIF":  # whose first frame is larger than the picture
        frame = content.index(b"\x2c", 13 + 3 * 2 ** ((content[10] & 7) + 1))
        content[frame + 5 : frame + 9] = struct.pack("<HH", side, side)
    else:  # the head of an extended WebP, which says a size beside that of the picture
        head = b"VP8X" + struct.pack("<I", 10) + bytes(4) + 2 * (side - 1).to_bytes(3, "little")
        content[12:12] = head
        content[4:8] = struct.pack("<I", len(content) - 8)
    return bytes(content)


def bad() -> Iterator[tuple[str, bytes, str]]:
    """Yield files that are no pictures to draw, with what is said of each."""
    yield "words.txt", b"only words\n" * 9, UNKNOWN
    yield "program.png", b"MZ\x90\x00" + bytes(900), UNKNOWN
    yield "a.svg", b'<?xml version="1.0"?>\n<svg/>', "SVG is no picture of pixels. Save it as PNG."
    yield "nothing.png", b"", "The file is empty."
    large = "{0} × {0} pixels are too many: at most 4,096 along a side."
    for side, words in ((65_500, "65,500"), (4_097, "4,097")):
        yield f"{side}.png", lying("PNG", side), large.format(words)
    yield "lie.jpeg", lying("JPEG", 65_500), large.format("65,500")
    yield "lie.webp", lying("WEBP", 9_000), large.format("9,000")
    yield "lie.gif", lying("GIF", 20_000), large.format("20,000")
    yield "lie.png", lying("PNG", 4_000), "This picture is broken."
    yield "other.webp", lying("WEBP", 300), "This picture is broken."
    deep = np.zeros((2, 4), np.uint16)
    yield "deep.png", saved(Image.fromarray(deep), "PNG"), "This picture has 16 bits a channel."
    print_ = saved(Image.new("CMYK", (8, 8)), "JPEG")
    yield "print.jpeg", print_, "This picture is made for printing (CMYK). Save it in RGB."


def saved(image: Image.Image, kind: str) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


def test_pictures_come_by_drop_paste_and_choice_and_make_no_request(open_page: OpenPage) -> None:
    """A local picture never leaves the browser: from the page on, only its modules are fetched."""
    page = open_own(
        open_page,
        "60,300,20",
        permissions=["clipboard-read", "clipboard-write"],
        accept_downloads=True,
    )
    asked: list[str] = []
    sent: list[str | bytes] = []

    def note(request: Request) -> None:
        own = "/static/" in request.url and request.method == "GET" and not request.post_data
        if request.url.startswith("http") and not own:
            asked.append(f"{request.method} {request.url}")

    page.page.context.on("request", note)
    page.page.on("websocket", lambda socket: socket.on("framesent", lambda it: sent.append(it)))
    page.page.reload()
    page.wait_state("live")
    asked.clear()
    greeting = len(sent)
    panel = page.page.locator(".bp-panel")
    for way, kind in (("drop", "PNG"), ("paste", "WEBP"), ("choose", "GIF"), ("paste", "JPEG")):
        give(page.page, way, exact(kind), f"flag.{kind.lower()}")
        expect(panel).to_contain_text("4 × 2 cells in 2 colours.")
        name = page.page.get_by_role("textbox", name="Name", exact=True)
        expect(name).to_have_value("flag")
        page.page.get_by_role("button", name="Cancel").first.click()
    give(page.page, "drop", picture(), "flag.png")
    page.page.get_by_role("button", name="Place it").click()
    page.page.keyboard.press("Enter")
    open_panel(page.page)
    place(page, 59, 299)
    with page.page.expect_download() as download:
        page.page.get_by_role("button", name="Save as PNG").click()
    content = Path(download.value.path()).read_bytes()
    page.page.get_by_role("button", name="Copy Pxls link").click()
    expect(page.toast).to_contain_text("it is only in this browser")
    link = page.page.evaluate("navigator.clipboard.readText()")
    close_panel_at(page, "60,300,20")
    wait_shown(page, 59, 299, [*RED, 255])
    wait_shown(page, 59, 300, [*NAVY, 255])
    told = [each for each in sent[greeting:] if "blueprint" in str(each)]
    assert (asked, told) == ([], [])
    laid_where_it_was(page, content, link)


def laid_where_it_was(page: CanvasPage, content: bytes, link: str) -> None:
    """Check that the saved PNG, and the link with the picture, come back to where it lay."""
    strip = page.page.locator(".bp-strip")
    give(page.page, "paste", content, "other name.png")
    name = page.page.get_by_role("textbox", name="Name", exact=True)
    expect(name).to_have_value("flag")
    page.page.get_by_role("button", name="Place it").click()
    expect(strip).to_contain_text("59, 299")
    page.page.goto("about:blank")
    page.page.goto(link)
    expect(page.page.locator(".bp-panel")).to_contain_text("is not fetched: flag_59_299.png")
    with page.page.expect_file_chooser() as chooser:
        page.page.get_by_role("button", name="Choose its picture").click()
    chooser.value.set_files(file(picture(enlarged=3), "large.png"))
    expect(name).to_have_value("flag")
    page.page.get_by_role("button", name="Place it").click()
    expect(strip).to_contain_text("59, 299")


def test_a_picture_of_4096_squared_leaves_the_page_alive(open_page: OpenPage) -> None:
    page = open_own(open_page, "500,500,1")
    open_panel(page.page)
    began = page.page.evaluate("performance.now()")
    give(page.page, "drop", large(), "large.png")
    expect(page.page.locator(".bp-panel")).to_contain_text("4,096 × 4,096 cells in 31 colours")
    took = page.page.evaluate("performance.now()") - began
    longest = page.page.evaluate("longest")
    assert longest < took / 3, "it is converted beside the page, not by it"
    page.page.get_by_role("button", name="Place it").click()
    page.page.keyboard.press("ArrowRight")
    page.page.keyboard.press("Enter")
    open_panel(page.page)
    facts = page.page.locator(".bp-facts")
    expect(facts).to_contain_text("of 1,000,000 right")
    expect(facts).to_contain_text(f"{4096 * 4096 - 1_000_000:,} cells are off the board")


def test_files_that_are_no_pictures_are_told_and_none_stays(open_page: OpenPage) -> None:
    page = open_own(open_page, "140,300,20")
    open_panel(page.page)
    for number, (name, content, words) in enumerate(bad()):
        give(page.page, ("drop", "paste", "choose")[number % 3], content, name)
        expect(page.page.locator(".toast", has_text=words).last).to_be_visible()
        expect(page.page.get_by_role("button", name="Place it")).to_be_hidden()
    # A browser that gives noise: nothing could be right of it.
    page.page.context.route(re.compile(r"/convert/worker[^/]*\.js"), with_noise)
    give(page.page, "drop", picture(), "flag.png")
    expect(page.toast).to_contain_text("This browser hides what pictures show from pages")
    page.page.context.unroute_all()
    expect(page.page.locator(".bp-row")).to_have_count(0)
    give(page.page, "drop", picture(), "flag.png")
    expect(page.page.get_by_role("button", name="Place it")).to_be_visible()


def with_noise(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=NOISE + answer.text())


def test_a_place_off_the_board_is_told_and_a_part_off_it_does_not_count(
    open_page: OpenPage,
) -> None:
    page = open_own(open_page, "10,420,20")
    open_panel(page.page)
    give(page.page, "drop", picture(), "flag.png")
    page.page.get_by_role("button", name="Place it").click()
    page.page.keyboard.press("Enter")
    open_panel(page.page)
    place(page, -2, 420)
    facts = page.page.locator(".bp-facts")
    expect(facts).to_contain_text("0 of 4 right · 0 wrong · 4 missing · 4 cells are off the board")
    column = page.page.locator(".bp-row").get_by_label("Column")
    column.fill("-4")
    column.press("Tab")
    expect(page.toast).to_have_text("-4, 420 would lie wholly off the board.")
    expect(column).to_have_value("-2")
    close_panel_at(page, "10,420,20")
    wait_shown(page, 0, 420, [*RED, 255])
    wait_shown(page, 1, 421, [*NAVY, 255])
    wait_shown(page, 2, 420, [0, 0, 0, 0])
