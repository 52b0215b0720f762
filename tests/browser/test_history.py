"""Looking back: any second of the past on the board, by bar, keys, play and link."""

import json
import re
from collections import Counter
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from canvas.domain.palette import DEFAULT_PALETTE
from tests.browser import a_past
from tests.browser.a_past import BEGAN, CHANGED, COUNT, board_at, moment
from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import OpenAt
from tests.browser.looking_back import go, panel, wait_seq
from tests.browser.test_accessibility import check
from tests.browser.test_films import COLORS
from tests.browser.test_layers import READ
from tests.browser.test_touch import PHONE
from tests.browser.waiting import wait_until

TRACK = "#past .past-track"
SPEED = "1800"  # 18 hours in about a minute
Means = npt.NDArray[np.float64]
SEALED = re.compile(r"/api/canvas/history/[0-9a-f]{64}")

pytestmark = [pytest.mark.core, pytest.mark.timeout(300)]  # the first test makes the past


def wait_board(page: CanvasPage, seq: int) -> None:
    """Wait until the board of then is painted."""
    width, height, cells = board_at(seq)
    what = f"this is not the board at {seq}"
    wait_until(page.page, lambda: page.painted(width, height) == cells, what)


def press(page: CanvasPage, *keys: str) -> None:
    for key in keys:
        page.page.locator(TRACK).press(key)


def test_any_second_is_shown_as_it_was(open_at: OpenAt) -> None:
    page = open_at(70)
    # Before and after the resize, at it, in the sealed and in the open segment, and back again.
    for seq in (70, 29_999, CHANGED, 65_000, 65_900, 29_000):
        go(page, f"80,60,1@{moment(seq):%Y-%m-%dT%H:%M:%SZ}")
        wait_seq(page, seq)
        wait_board(page, seq)


def test_from_afar_each_pixel_is_the_mean_of_its_cells(open_at: OpenAt) -> None:
    """A jump over 20,000 pixels and more has its picture from the worker, a step makes its own."""
    # A small board is not seen smaller than at 0.8; here that is half a pixel a cell.
    page = open_at(100, device_scale_factor=0.625)
    window = page.page.evaluate("(({width, height}) => [width, height])(board)")
    for seq in (29_000, 4_000, 4_060, 28_000):
        go(page, f"100,60,0.8@{moment(seq):%Y-%m-%dT%H:%M:%SZ}")
        wait_seq(page, seq)
        wanted = from_afar(seq)
        height, width = wanted.shape[:2]
        area = [window[0] // 2 - width // 2, window[1] // 2 - height // 2, width, height]

        def is_shown(wanted: Means = wanted, area: list[int] = area) -> bool:
            pixels = page.page.evaluate(READ, ["#board", *area]).encode("latin-1")
            found = np.frombuffer(pixels, np.uint8).reshape(wanted.shape)
            return bool((np.abs(found - wanted) < 1).all())

        wait_until(page.page, is_shown, f"this is not the board at {seq}")


def from_afar(seq: int) -> Means:
    """Return the mean colour of each square of two by two cells."""
    width, height, cells = board_at(seq)
    colors = COLORS[np.frombuffer(cells, np.uint8)].reshape(height // 2, 2, width // 2, 2, 3)
    return np.asarray(colors.mean(axis=(1, 3)))


def test_the_bar_is_moved_by_pointer_and_by_keys(open_at: OpenAt) -> None:
    page = open_at()
    page.page.keyboard.press("h")
    wait_seq(page, COUNT)
    track = page.page.locator(TRACK)
    expect(track).to_be_focused()
    box = track.bounding_box()
    assert box is not None
    page.page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 20)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 20, steps=9)
    page.page.mouse.up()
    quarter = re.compile("Pixel 1[4-8],")
    expect(page.page.locator("#past .past-seq")).to_contain_text(quarter)
    press(page, "Home")
    wait_seq(page, 1)
    press(page, "PageUp")
    wait_seq(page, 3601)
    press(page, "ArrowRight", "Shift+ArrowRight", "ArrowLeft", "ArrowUp", "ArrowUp")
    wait_seq(page, 3663)
    expect(track).to_have_attribute("aria-valuetext", f"{words(page, 3663)}, Pixel 3,663 of 66,000")
    press(page, "End")
    wait_seq(page, COUNT)


def test_a_screen_reader_hears_what_a_step_has_changed(open_at: OpenAt) -> None:
    page = open_at(3663)
    said = page.page.locator("#said")
    press(page, "PageUp")
    expect(said).to_have_text("3600 pixels later")
    press(page, "PageDown")
    expect(said).to_have_text("3600 pixels earlier")
    press(page, "ArrowDown")
    expect(said).to_have_text("1 pixel earlier")
    press(page, "ArrowUp")
    expect(said).to_have_text("1 pixel later. grey at 41, 118")


def words(page: CanvasPage, seq: int) -> str:
    ms = moment(seq).timestamp() * 1000
    written: str = page.page.evaluate(
        "ms => new Date(ms).toLocaleString('en', {dateStyle: 'medium', timeStyle: 'medium'})", ms
    )
    return written


def test_nothing_is_drawn_in_the_past_and_now_is_one_key(
    open_at: OpenAt,
) -> None:
    page = open_at()
    page.choose("red")
    page.page.keyboard.press("h")
    wait_seq(page, COUNT)
    expect(page.page.locator("#past")).to_contain_text("drawing is off")
    expect(page.page.locator("#dock")).to_be_hidden()
    press(page, "Home")
    wait_seq(page, 1)
    placed: list[str] = []
    page.page.on("request", lambda request: placed.append(request.method))
    page.click(7, 0)
    # A click tells who drew the cell by then.
    expect(page.page.locator("#pixel-who")).to_contain_text("alice")
    assert "PUT" not in placed
    page.page.keyboard.press("Escape")
    page.page.keyboard.press("h")
    expect(page.page.locator("#past")).to_have_count(0)
    expect(page.page.locator("#dock")).to_be_visible()
    expect(page.page.get_by_role("radio", name="red", exact=True)).to_be_checked()
    wait_board(page, COUNT)
    # The address is written a moment later.
    expect(page.page).not_to_have_url(re.compile("@"))


def test_it_plays_both_ways_and_stops_at_the_ends(open_at: OpenAt) -> None:
    page = open_at(60_000)
    page.page.locator("#past").get_by_label("Speed").select_option("100000")
    page.page.get_by_role("button", name="Play", exact=True).click()
    wait_seq(page, COUNT)
    expect(page.page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.page.get_by_role("button", name="Play backwards").click()
    wait_seq(page, 1)
    expect(page.page.get_by_role("button", name="Play backwards")).to_be_visible()


def test_the_speed_suits_the_past_until_another_is_chosen(open_at: OpenAt) -> None:
    page = open_at()
    page.page.keyboard.press("h")
    speed = page.page.locator("#past").get_by_label("Speed")
    expect(speed).to_have_value(SPEED)
    speed.select_option("60")
    page.page.reload()
    page.wait_state("live")
    page.page.keyboard.press("h")
    expect(speed).to_have_value("60")
    page.page.evaluate("localStorage.setItem('pixelsite-history-speed', '7')")
    page.page.reload()
    page.wait_state("live")
    page.page.keyboard.press("h")
    expect(speed).to_have_value(SPEED)  # none that is offered


def test_play_at_an_end_starts_over_from_the_other(open_at: OpenAt) -> None:
    page = open_at()
    page.page.keyboard.press("h")
    wait_seq(page, COUNT)
    page.page.locator("#past").get_by_label("Speed").select_option("1")
    page.page.get_by_role("button", name="Play", exact=True).click()
    said = page.page.locator("#past .past-seq")
    expect(said).to_have_text(re.compile(r"^Pixel \d{1,3} of 66,000$"))
    page.page.get_by_role("button", name="Pause").click()
    press(page, "Home")
    wait_seq(page, 1)
    page.page.get_by_role("button", name="Play backwards").click()
    expect(said).to_have_text(re.compile(r"^Pixel 6\d,\d{3} of 66,000$"))


@pytest.mark.parametrize(
    ("written", "said", "seq"),
    [
        ("yesterday", "“yesterday” is no date and time. This is now.", None),
        ("1999-01-01T00:00Z", "The past begins here.", 1),
        ("2999-01-01T00:00Z", "That has not happened yet. This is the newest moment.", COUNT),
        (f"{BEGAN + timedelta(hours=2):%Y-%m-%dT%H:%M:%S}+01:00", None, 3600),
    ],
)
def test_a_link_may_name_any_moment_or_none(
    open_at: OpenAt, written: str, said: str | None, seq: int | None
) -> None:
    page = open_at()
    go(page, f"80,60,1@{written}")
    if said is not None:
        expect(page.toast).to_have_text(said)
    if seq is None:
        expect(page.page.locator("#past")).to_have_count(0)
    else:
        wait_seq(page, seq)


@pytest.mark.parametrize("always", [False, True])
def test_a_segment_that_fails_its_hash_is_fetched_again_and_then_told(
    open_at: OpenAt, always: bool
) -> None:
    page = open_at(locale="en")  # a context of its own, without a cache
    lies: list[str] = []

    def lie(route: Route) -> None:
        if lies and not always:
            return route.continue_()
        lies.append(route.request.url)
        answer = route.fetch()
        body = bytearray(answer.body())
        body[200] ^= 1
        return route.fulfill(body=bytes(body), content_type="application/octet-stream")

    # The worker's requests are the context's.
    page.page.context.route(SEALED, lie)
    go(page, f"80,60,1@{moment(40_000):%Y-%m-%dT%H:%M:%SZ}")
    if always:
        expect(page.toast).to_contain_text("fails its check")
        assert max(Counter(lies).values()) == 2  # of all that the moment needs, asked for at once
    else:
        wait_seq(page, 40_000)
        wait_board(page, 40_000)
        assert len(lies) == 1
    page.page.context.unroute_all()


def test_a_link_to_a_moment_is_copied(open_at: OpenAt, old_site: str) -> None:
    page = open_at(3600, permissions=["clipboard-read", "clipboard-write"])
    page.page.locator("#past").get_by_role("button", name="Copy a link to this moment").click()
    expect(page.toast).to_have_text("Link to this place copied.")
    at = f"{moment(3600):%Y-%m-%dT%H:%M:%SZ}"
    query = f"x=80&y=60&zoom=1&at={at.replace(':', '%3A')}"
    link = page.page.evaluate("navigator.clipboard.readText()")
    assert link == f"{old_site}/?{query}#80,60,1@{at}"


def test_a_layer_shows_what_is_known_of_each_cell(open_at: OpenAt) -> None:
    page = open_at(29_000)
    panel(page).get_by_label("Layer").select_option("untouched")
    width, _, cells = board_at(29_000)
    drawn = next(at for at, color in enumerate(cells) if color)
    bare = next(at for at, color in enumerate(cells) if not color)
    yellow = (0xFE, 0xE8, 0x38)
    page.wait_color(bare % width, bare // width, yellow)
    red, green, blue = page.color_at(drawn % width, drawn // width)
    assert red == green == blue < 64
    # Another layer in its place has the same colours, and is painted as well.
    page.page.locator("#past-panel").get_by_label("Layer").select_option("color")
    colour = page.page.locator("#past-panel select").nth(1)
    colour.select_option(index=cells[drawn])
    page.wait_color(drawn % width, drawn // width, yellow)
    page.page.keyboard.press("Escape")
    press(page, "Escape")
    wait_board(page, COUNT)


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_everyone_can_look_back(open_at: OpenAt, device: dict[str, object]) -> None:
    page = open_at(5000, reduced_motion="reduce", **device)
    expect(page.page.locator("#past")).to_be_visible()
    inside(page.page)
    check(page.page)
    panel(page).get_by_label("Layer").select_option("age")
    expect(page.page.locator(".past-legend li").first).to_be_visible()
    over, bar = page.page.locator("#past-panel"), page.page.locator("#past")
    above, below = over.bounding_box(), bar.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] < below["y"], "the panel leaves the bar its head"
    check(page.page)


def inside(page: Page) -> None:
    """Fail where a part of the bar lies beyond the window."""
    beyond = page.evaluate(
        """() => [...document.querySelectorAll("#past *")].filter((each) => {
          const { left, right, bottom } = each.getBoundingClientRect();
          return left < 0 || right > innerWidth + 0.5 || bottom > innerHeight + 0.5;
        }).map((each) => each.outerHTML)"""
    )
    assert beyond == []


def test_the_card_shows_how_long_each_colour_stayed(open_at: OpenAt) -> None:
    page = open_at(29_000)
    cell = next((x, y) for seq, x, y, _ in a_past.placements() if seq == 28_990)
    colors = [
        bytes.fromhex(DEFAULT_PALETTE[color][1:])
        for seq, x, y, color in a_past.placements()
        if (x, y) == cell and seq <= 29_000
    ][-50:]
    page.click(*cell)
    bar = page.page.locator("#pixel-stays i")
    expect(bar).to_have_count(len(colors))
    shown = bar.evaluate_all("all => all.map((each) => each.style.backgroundColor)")
    assert shown == [f"rgb({red}, {green}, {blue})" for red, green, blue in colors]


def test_a_part_of_the_past_becomes_a_blueprint(open_at: OpenAt) -> None:
    """The blueprint has the cells of then, and counts those of now: what was griefed is redrawn."""
    page = open_at(29_000, accept_downloads=True)
    page.page.locator("#blueprints-button").click()
    page.page.get_by_role("button", name="From the board").click()
    left, top, right, bottom = 20, 30, 59, 49
    page.drag((left, top), (right, bottom))
    row = page.page.locator(".bp-row")
    then, now = board_at(29_000), board_at(COUNT)
    spots = [(x, y) for y in range(top, bottom + 1) for x in range(left, right + 1)]
    wanted = [then[2][y * then[0] + x] for x, y in spots]
    stands = [now[2][y * now[0] + x] for x, y in spots]
    kept = sum(one == other for one, other in zip(wanted, stands, strict=True))
    assert 0 < kept < len(spots), "some of it was drawn over"
    expect(row).to_contain_text(f"{kept} of {len(spots)} right")
    row.get_by_role("button", name="More about").click()
    with page.page.expect_download() as download:
        row.get_by_role("button", name="Save as PNG").click()
    with Image.open(download.value.path()) as image:
        colors = [bytes.fromhex(DEFAULT_PALETTE[color][1:]) for color in wanted]
        assert image.convert("RGB").tobytes() == b"".join(colors)
        assert json.loads(image.info["pixelsite"]) == {"title": "Board 20, 30", "x": 20, "y": 30}
    # It stays when the past is left, and lies where it was.
    page.page.locator("#past .primary").click()
    expect(row).to_contain_text(f"{kept} of {len(spots)} right")
    expect(row.get_by_label("Column")).to_have_value(str(left))
    expect(row.get_by_label("Row")).to_have_value(str(top))


def test_a_second_look_asks_the_server_for_nothing(open_at: OpenAt) -> None:
    seqs = (70, 29_000, 65_900)
    page = open_at(seqs[0])
    for seq in seqs[1:]:
        go(page, f"80,60,1@{moment(seq):%Y-%m-%dT%H:%M:%SZ}")
        wait_seq(page, seq)
    asked: list[str] = []
    # What the worker asks is the context's.
    page.page.context.on("request", lambda request: asked.append(request.url))
    for seq in seqs:
        go(page, f"80,60,1@{moment(seq):%Y-%m-%dT%H:%M:%SZ}")
        wait_board(page, seq)
    press(page, "PageDown", "PageDown", "Home", "PageUp")
    wait_seq(page, 3601)
    assert [url for url in asked if "/api/canvas/" in url] == []


def test_the_past_is_gone_through_by_touch(open_at: OpenAt) -> None:
    page = open_at(**PHONE)
    phone = page.page
    phone.locator("#menu-button").tap()
    phone.get_by_role("button", name="Look back in time").tap()
    wait_seq(page, COUNT)
    box = phone.locator(f"{TRACK} canvas").bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    touch = phone.context.new_cdp_session(phone)
    for step in range(9):
        x = box["x"] + box["width"] * (0.9 - 0.4 * min(step, 7) / 7)
        kind = "touchMove" if step else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    phone.wait_for_timeout(150)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    phone.wait_for_timeout(500)  # Chromium makes no click of a tap that follows a swipe at once
    said = phone.locator("#past .past-seq")
    expect(said).to_have_text(re.compile(r"^Pixel 3[234],\d{3} of 66,000$"))
    # The board of that moment is painted, not only told.
    shown = int(said.inner_text().split()[1].replace(",", ""))
    width, height, cells = board_at(shown)
    wanted = tuple(bytes.fromhex(DEFAULT_PALETTE[cells[60 * width + 80]][1:]))
    wait_until(phone, lambda: page.color_at(80, 60) == wanted, f"not the colour of {shown}")
    phone.get_by_label("Speed").select_option("100000")
    phone.get_by_role("button", name="Play backwards").tap()
    wait_seq(page, 1)
    phone.locator("#past .primary").tap()
    expect(phone.locator("#past")).to_have_count(0)
    expect(phone.locator("#dock")).to_be_visible()
