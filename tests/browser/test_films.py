"""Films, and before and after: what is saved, read back, is the boards of its moments."""

import base64
import re
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageSequence
from playwright.sync_api import Locator, Route, expect

from canvas.domain.palette import DEFAULT_PALETTE
from tests.browser.a_past import CHANGED, board_at, moment
from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import OpenAt
from tests.browser.looking_back import SAVING, panel, save
from tests.browser.test_accessibility import check

pytestmark = pytest.mark.timeout(300)  # the first test makes the past

Picture = npt.NDArray[np.uint8]
SEQ = 29_000  # of the last picture; a placement a second from the first one on
LENGTH = 5  # seconds
CODECS = {"mp4": "h264", "webm": "vp8"}
COLORS = np.array([list(bytes.fromhex(color[1:])) for color in DEFAULT_PALETTE], np.uint8)
# Plays a film to its end, as a person would; returns its size, length and last picture.
LAST_PICTURE = """async ([data, type]) => {
  const film = document.createElement("video");
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  film.src = URL.createObjectURL(new Blob([bytes], { type }));
  film.muted = true;
  const heard = (name) => new Promise((done, fail) => {
    film.addEventListener(name, done, { once: true });
    film.addEventListener("error", () => fail(film.error), { once: true });
  });
  await heard("loadeddata");
  const ended = heard("ended");
  await film.play();
  await ended;
  const { videoWidth: width, videoHeight: height, duration } = film;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(film, 0, 0);
  const pixels = context.getImageData(0, 0, width, height).data;
  let text = "";
  for (let i = 0; i < pixels.length; i += 8192) {
    text += String.fromCharCode(...pixels.subarray(i, i + 8192));
  }
  return { width, height, duration, pixels: btoa(text) };
}"""
# An encoder that gives up after some pictures, as one whose device is taken away does.
BREAKING = """
self.VideoEncoder = class extends VideoEncoder {
  #fail;
  #left = 20;
  constructor(init) {
    super(init);
    this.#fail = init.error;
  }
  encode(...all) {
    super.encode(...all);
    if (--this.#left) return;
    this.close();
    this.#fail(new DOMException("Encoding failed.", "EncodingError"));
  }
};
"""

# A browser without some codecs.
WITHOUT_CODEC = """{
  const ask = VideoEncoder.isConfigSupported.bind(VideoEncoder);
  VideoEncoder.isConfigSupported = async (config) =>
    config.codec.startsWith("%s") ? { supported: false, config } : ask(config);
}
"""
# What a browser answers for a picture that is too large for it.
REFUSED = """
OffscreenCanvas.prototype.convertToBlob = () =>
  Promise.reject(new DOMException("Encoding failed.", "EncodingError"));
"""
# As browsers do where they resist fingerprinting.
NOISE = {
    "reading": """{
      const read = OffscreenCanvasRenderingContext2D.prototype.getImageData;
      OffscreenCanvasRenderingContext2D.prototype.getImageData = function (...area) {
        const image = read.apply(this, area);
        for (let i = 0; i < image.data.length; i += 1) image.data[i] ^= i % 7;
        return image;
      };
    }""",
    "saving": """{
      const save = OffscreenCanvas.prototype.convertToBlob;
      OffscreenCanvas.prototype.convertToBlob = function (...rest) {
        const noisy = new OffscreenCanvas(this.width, this.height);
        const context = noisy.getContext("2d");
        context.drawImage(this, 0, 0);
        context.fillStyle = "#123456";
        for (let x = 0; x < this.width; x += 2) context.fillRect(x, 0, 1, this.height);
        return save.apply(noisy, rest);
      };
    }""",
    "nothing": REFUSED,
}
# A browser that neither gives a canvas as a picture nor packs one that is written by hand.
NO_PICTURES = f"{REFUSED} delete self.CompressionStream;"


def film_form(page: CanvasPage, format: str = "") -> Locator:
    """Choose a film of the whole canvas, from its beginning to the moment that is shown."""
    form = panel(page)
    form.get_by_label("What").select_option("whole")
    form.get_by_label("Length").select_option(str(LENGTH))
    if format:
        form.get_by_label("Format").select_option(format)
    return form


def board_of(share: float) -> Picture:
    """Return the cells' colours at a share of the time from the first placement to the last."""
    width, height, cells = board_at(1 + int((SEQ - 1) * share))
    return COLORS[np.frombuffer(cells, np.uint8).reshape(height, width)]


def wrong_share(picture: Picture, board: Picture) -> float:
    """Return the share of cells that have another colour in their middle.

    A codec with losses blurs some cells between two colours.
    """
    scale = picture.shape[0] // board.shape[0]
    assert picture.shape == (board.shape[0] * scale, board.shape[1] * scale, 3)
    middle = picture[scale // 2 :: scale, scale // 2 :: scale].astype(int)
    return float((np.abs(middle - board).max(axis=2) > 48).mean())


@pytest.mark.parametrize("format", CODECS)
def test_pictures_of_a_film_are_boards(open_at: OpenAt, format: str) -> None:
    page = open_at(SEQ, locale="en", accept_downloads=True)
    film_form(page, format)
    file = save(page, "Save film")
    assert file.suffix == f".{format}"
    with av.open(str(file)) as film:
        (stream,) = film.streams.video
        assert stream.codec_context.name == CODECS[format]
        frames = list(film.decode(stream))
    assert len(frames) == 30 * LENGTH
    times = [frame.time for frame in frames]
    assert np.allclose(times, np.arange(len(frames)) / 30, atol=0.001)
    for number in (0, 1, 75, 148, 149):  # a keyframe is followed by what has changed since
        found = np.asarray(frames[number].to_ndarray(format="rgb24"), np.uint8)
        assert wrong_share(found, board_of(number / 149)) < 0.05, number


@pytest.mark.parametrize("format", CODECS)
def test_a_browser_plays_a_film_to_its_end(open_at: OpenAt, format: str) -> None:
    page = open_at(SEQ, locale="en", accept_downloads=True)
    film_form(page, format)
    data = base64.b64encode(save(page, "Save film").read_bytes()).decode()
    blank = page.page.context.new_page()  # the page's policy lets it play no film
    film = blank.evaluate(LAST_PICTURE, [data, f"video/{format}"])
    blank.close()
    assert abs(film["duration"] - LENGTH) < 0.1
    shape = (film["height"], film["width"], 4)
    pixels = np.frombuffer(base64.b64decode(film["pixels"]), np.uint8).reshape(shape)
    assert wrong_share(pixels[..., :3], board_of(1)) < 0.05


def test_a_gif_has_exactly_the_colours_of_the_boards(open_at: OpenAt) -> None:
    page = open_at(SEQ, locale="en", accept_downloads=True)
    film_form(page, "gif")
    file = save(page, "Save film")
    with Image.open(file) as film:
        frames = [np.array(each.convert("RGB")) for each in ImageSequence.Iterator(film)]
    assert (file.suffix, len(frames)) == (".gif", 20 * LENGTH)
    for number in (0, 50, 99):
        board = board_of(number / 99)
        scale = frames[number].shape[0] // board.shape[0]
        assert np.array_equal(frames[number], board.repeat(scale, 0).repeat(scale, 1)), number


def before_modules(page: CanvasPage, script: str) -> None:
    """Run a script in the page, and in each worker that begins from now on."""

    def answer(route: Route) -> None:
        route.fulfill(response=(found := route.fetch()), body=f"{script}{found.text()}")

    page.page.context.route(re.compile(r"/history/worker/worker(\.\w+)?\.js"), answer)
    page.page.evaluate(f"(() => {{ {script} }})()")


@pytest.mark.parametrize(
    ("missing", "offered"),
    [("avc1", ["webm", "gif"]), ("vp", ["mp4", "gif"]), ("", ["gif"])],
)
def test_formats_are_those_that_the_browser_makes(
    open_at: OpenAt, missing: str, offered: list[str]
) -> None:
    page = open_at(locale="en", accept_downloads=True)
    if missing:
        before_modules(page, WITHOUT_CODEC % missing)
    else:
        before_modules(page, "delete self.VideoEncoder;")
    page.page.keyboard.press("h")
    form = panel(page)
    options = form.get_by_label("Format").get_by_role("option", include_hidden=True)
    expect(options).to_have_count(len(offered))
    assert options.evaluate_all("all => all.map((each) => each.value)") == offered
    form.get_by_label("What").select_option("whole")
    form.get_by_label("Length").select_option(str(LENGTH))
    assert save(page, "Save film").suffix == f".{offered[0]}"


@pytest.mark.parametrize("format", CODECS)
def test_an_encoder_that_fails_midway_is_told_and_nothing_is_saved(
    open_at: OpenAt, format: str
) -> None:
    page = open_at(SEQ, locale="en", accept_downloads=True)
    saved: list[object] = []
    page.page.on("download", lambda each: saved.append(each))
    before_modules(page, BREAKING)
    form = film_form(page, format)
    form.get_by_role("button", name="Save film").click()
    told = "This browser’s encoder has failed. Choose another format."
    expect(page.toast).to_have_text(told, timeout=SAVING)
    expect(page.page.locator("#said")).not_to_have_text("Saved.")
    expect(form.get_by_role("progressbar")).to_be_hidden()
    assert saved == []
    form.get_by_label("Format").select_option("gif")
    assert save(page, "Save film").suffix == ".gif"


def test_a_film_is_given_up_midway_and_another_is_made(open_at: OpenAt) -> None:
    page = open_at(SEQ, locale="en", accept_downloads=True)
    form = film_form(page)
    form.get_by_label("Length").select_option("60")
    form.get_by_role("button", name="Save film").click()
    bar = form.get_by_role("progressbar")
    page.page.wait_for_function("bar => bar.value > 0", arg=bar.element_handle())
    expect(form.get_by_role("button", name="Save film")).to_be_disabled()
    form.get_by_role("button", name="Cancel").click()
    expect(page.toast).to_have_text("Given up.")
    expect(bar).to_be_hidden()
    form.get_by_label("Length").select_option("5")
    assert save(page, "Save film").stat().st_size > 0


def test_a_segment_that_is_lost_midway_is_told(open_at: OpenAt) -> None:
    page = open_at(locale="en")
    page.page.keyboard.press("h")
    form = film_form(page)
    page.page.context.route(re.compile("/api/canvas/history/[0-9a-f]{64}"), lambda it: it.abort())
    form.get_by_role("button", name="Save film").click()
    expect(page.toast).to_have_text("This could not be made. Try again.")
    expect(form.get_by_role("button", name="Save film")).to_be_enabled()


def test_before_and_after_are_one_picture(open_at: OpenAt) -> None:
    page = open_at(SEQ, locale="en", accept_downloads=True)
    form = panel(page)
    form.get_by_label("What").select_option("whole")
    image = Image.open(save(page, "Save before and after")).convert("RGB")
    expect(page.toast).to_have_text("Saved.")  # the browser may keep it without a word
    scale = check_sides(image)
    assert image.height > board_at(SEQ)[1] * scale, "the moments stand below"


def check_sides(image: Image.Image) -> int:
    """Compare the two boards of a picture with what they were, pixel by pixel; return its scale."""
    width, height, cells = board_at(SEQ)
    scale = (image.width - 8) // 2 // width
    found = np.asarray(image)
    for side, board in enumerate((board_at(1)[2], cells)):
        left = side * (width * scale + 8)
        wanted = COLORS[np.frombuffer(board, np.uint8).reshape(height, width)]
        part = found[: height * scale, left : left + width * scale]
        assert np.array_equal(part, wanted.repeat(scale, 0).repeat(scale, 1)), side
    return scale


@pytest.mark.parametrize("noise", NOISE)
def test_before_and_after_are_true_where_a_canvas_cannot_be_read(
    open_at: OpenAt, noise: str
) -> None:
    page = open_at(SEQ, locale="en", accept_downloads=True)
    before_modules(page, NOISE[noise])
    form = panel(page)
    form.get_by_label("What").select_option("whole")
    with Image.open(save(page, "Save before and after")) as file:
        check_sides(file.convert("RGB"))


def test_a_picture_that_the_browser_cannot_make_is_told(open_at: OpenAt) -> None:
    page = open_at(SEQ, locale="en")
    before_modules(page, NO_PICTURES)
    form = panel(page)
    form.get_by_role("button", name="Save before and after").click()
    expect(page.toast).to_have_text("This could not be made. Try again.")
    expect(page.page.locator("#said")).not_to_have_text("Saved.")


def test_a_region_is_framed_by_keys(open_at: OpenAt) -> None:
    page = open_at(SEQ, locale="en", accept_downloads=True)
    form = panel(page)
    form.get_by_label("What").select_option("dragged")
    cells = board_at(SEQ)[2]
    said = page.page.locator("#said")
    with page.page.expect_download(timeout=SAVING) as download:
        form.get_by_role("button", name="Save before and after").click()
        expect(page.page.locator(".past-cover")).to_be_focused()
        check(page.page)
        page.page.keyboard.press("ArrowLeft")
        expect(said).to_have_text(re.compile(r"From \d+, \d+: \d+ wide, \d+ high"))
        for key, presses in (("ArrowLeft", 200), ("ArrowUp", 200), ("Shift+ArrowLeft", 200)):
            for _ in range(presses):
                page.page.keyboard.press(key)
        for _ in range(3):
            page.page.keyboard.press("Shift+ArrowRight")
        page.page.keyboard.press("ArrowRight")
        expect(said).to_have_text(re.compile(r"From 1, 0: 4 wide, \d+ high"))
        page.page.keyboard.press("Enter")
    image = Image.open(download.value.path()).convert("RGB")
    scale = (image.width - 8) // 2 // 4
    for x in range(4):
        color = bytes.fromhex(DEFAULT_PALETTE[cells[x + 1]][1:])
        assert image.getpixel((4 * scale + 8 + x * scale + scale // 2, scale // 2)) == tuple(color)


def test_a_region_is_dragged(open_at: OpenAt) -> None:
    page = open_at(SEQ, locale="en", accept_downloads=True)
    form = panel(page)
    form.get_by_label("What").select_option("dragged")
    width, _, cells = board_at(SEQ)
    with page.page.expect_download(timeout=SAVING) as download:
        form.get_by_role("button", name="Save before and after").click()
        expect(page.page.locator(".past-cover")).to_be_focused()
        page.drag((63, 41), (60, 40))
    image = Image.open(download.value.path()).convert("RGB")
    scale = (image.width - 8) // 2 // 4
    for x, y in ((x, y) for x in range(4) for y in range(2)):
        color = bytes.fromhex(DEFAULT_PALETTE[cells[(y + 40) * width + x + 60]][1:])
        at = (4 * scale + 8 + x * scale + scale // 2, y * scale + scale // 2)
        assert image.getpixel(at) == tuple(color)


# Another colour for each index but the background's, from the change of the size on.
LATER_PALETTE = [DEFAULT_PALETTE[0], *reversed(DEFAULT_PALETTE[1:])]
LATER_COLORS = np.array([list(bytes.fromhex(color[1:])) for color in LATER_PALETTE], np.uint8)


def tell_other_colors(route: Route) -> None:
    """Answer as the server does where the palette was changed, too."""
    listing = (answer := route.fetch()).json()
    listing["revisions"][-1]["palette"] = LATER_PALETTE
    route.fulfill(response=answer, json=listing)


@pytest.mark.parametrize("where", ["seen", "dragged"])
def test_a_film_of_a_part_runs_backwards_over_a_change_of_size_and_palette(
    open_at: OpenAt, where: str
) -> None:
    first, last = CHANGED + 100, CHANGED - 100  # seqs, a second each
    page = open_at(first, locale="en", accept_downloads=True, timezone_id="UTC")
    page.page.context.route(re.compile(r"/api/canvas/history\?"), tell_other_colors)
    form = panel(page)
    form.get_by_label("Format").select_option("gif")
    form.get_by_label("Length").select_option(str(LENGTH))
    form.get_by_role("textbox", name="From").fill(f"{moment(first):%Y-%m-%dT%H:%M:%S}")
    form.get_by_role("textbox", name="To").fill(f"{moment(last):%Y-%m-%dT%H:%M:%S}")
    form.get_by_label("What").select_option(where)
    if where == "seen":  # 64 x 36 cells fill the window, those at its edges are halved
        left, top, right, bottom = 48, 42, 112, 78
        page.page.evaluate("location.hash = '80,60,20@' + location.hash.split('@')[1]")
        expect(page.page.locator("#zoom")).to_have_text("20×")
        file = save(page, "Save film")
    else:
        left, top, right, bottom = 140, 90, 159, 109
        with page.page.expect_download(timeout=SAVING) as download:
            form.get_by_role("button", name="Save film").click()
            expect(page.page.locator(".past-cover")).to_be_focused()
            page.drag((left, top), (right, bottom))
        file = Path(download.value.path())
    with Image.open(file) as film:
        frames = [np.array(each.convert("RGB")) for each in ImageSequence.Iterator(film)]
    assert len(frames) == 20 * LENGTH
    for number in (0, 40, 60, 99):
        seq = int(first + (last - first) * number / 99)
        width, height, cells = board_at(seq)
        colors = COLORS if seq < CHANGED else LATER_COLORS
        board = colors[np.frombuffer(cells, np.uint8).reshape(height, width)]
        whole = np.full((200, 200, 3), 255, np.uint8)  # beyond the board is background
        whole[:height, :width] = board
        cut = whole[top : bottom + 1, left : right + 1]
        scale = frames[number].shape[0] // cut.shape[0]
        assert np.array_equal(frames[number], cut.repeat(scale, 0).repeat(scale, 1)), number
