"""Templates of the bench: pictures that are laid over a board in a real Chromium."""

import io
import json
import random
import re
import time
import urllib.request
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import expect

from bench.page_frames import SIDE
from canvas.domain.palette import DEFAULT_PALETTE
from tests.browser.canvas_page import CanvasPage

COUNT = 10
EDGE = 1000  # cells
SINGLE = 0.05  # of the cells have a colour of their own
PATIENCE = 20.0  # seconds for a page that is behind
BOARD_PATIENCE = 60  # seconds until the newest board is served
NEXT = 40  # times that the next wrong cell is asked for
Cells = NDArray[np.uint8]

FACTS = re.compile(r"([\d,]+) of ([\d,]+) right · ([\d,]+) wrong · ([\d,]+) missing")
# Asks for the next wrong cell: the page answers before the event has been dispatched.
ASK = """() => {
  const key = new KeyboardEvent("keydown", { key: "r", code: "KeyR", bubbles: true });
  const start = performance.now();
  document.getElementById("stage").dispatchEvent(key);
  return performance.now() - start;
}"""
# Makes the longest time in which the page did nothing else known as `longest`, in ms.
WATCH = """() => {
  window.longest = 0;
  let before = performance.now();
  const look = () => {
    const now = performance.now();
    window.longest = Math.max(window.longest, now - before);
    before = now;
    window.looking = setTimeout(look, 0);
  };
  look();
}"""


class Counts(NamedTuple):
    """The cells of a template that have the wanted colour, another one, and the background."""

    right: int
    wrong: int
    missing: int


class Conversion(NamedTuple):
    """Until the converted picture was shown, and the longest pause of the page meanwhile, in ms."""

    took: float
    pause: float


class Template(NamedTuple):
    """A picture in palette indices, and its place."""

    cells: Cells
    x: int
    y: int

    def counts(self, board: Cells) -> Counts:
        """Count by brute force."""
        under = board[self.y : self.y + EDGE, self.x : self.x + EDGE]
        right = under == self.cells
        missing = ~right & (under == 0)
        return Counts(int(right.sum()), int((~right & ~missing).sum()), int(missing.sum()))

    def picture(self) -> bytes:
        image = Image.fromarray(self.cells, "P")
        image.putpalette(bytes.fromhex("".join(color[1:] for color in DEFAULT_PALETTE)))
        stream = io.BytesIO()
        image.save(stream, "PNG")
        return stream.getvalue()


def templates(seed: int = 1) -> list[Template]:
    """Return templates of many small parts and single cells that lie side by side."""
    chance = np.random.default_rng(seed)
    parts = EDGE // 8
    made = []
    for number in range(COUNT):
        coarse = chance.integers(1, len(DEFAULT_PALETTE), (parts, parts), np.uint8)
        cells = coarse.repeat(8, 0).repeat(8, 1)
        single = chance.random(cells.shape) < SINGLE  # or the page would shrink it
        cells[single] = chance.integers(1, len(DEFAULT_PALETTE), int(single.sum()), np.uint8)
        x, y = EDGE * (number % (SIDE // EDGE)), EDGE * (number // (SIDE // EDGE))
        made.append(Template(cells, x, y))
    random.Random(seed).shuffle(made)
    return made


def lay(page: CanvasPage, all_of_them: list[Template]) -> list[Conversion]:
    """Lay the templates on the page; return how long each conversion took."""
    window = page.page
    window.keyboard.press("v")
    expect(window.locator("#blueprints-title")).to_be_visible()
    took = []
    for each in all_of_them:
        window.evaluate(WATCH)
        file = {"name": "a.png", "mimeType": "image/png", "buffer": each.picture()}
        start = time.perf_counter()
        window.set_input_files("input[type=file]", file)  # type: ignore[arg-type]
        place = window.get_by_role("button", name="Place it")
        place.wait_for()
        expect(window.locator(".bp-panel")).to_contain_text("1,000 × 1,000")
        seconds = time.perf_counter() - start
        pause = window.evaluate("clearTimeout(looking), longest")
        took.append(Conversion(seconds * 1000, pause))
        place.click()
        window.locator("#bp-done").click()
        window.keyboard.press("v")
        row = window.locator(".bp-row").first
        row.get_by_role("button", name="More about").click()
        for label, value in (("Column", each.x), ("Row", each.y)):
            row.get_by_label(label).fill(str(value))
            row.get_by_label(label).press("Tab")
    return took


def told(page: CanvasPage, counted: list[Counts]) -> list[Counts]:
    """Return what the panel says of each template, the upper ones first, as soon as it says what
    was counted, else in the end.
    """
    page.page.keyboard.press("v")
    facts = page.page.locator(".bp-facts")
    facts.first.wait_for()
    end = time.monotonic() + PATIENCE
    found = list(map(counts_in, facts.all_inner_texts()))
    while found != counted and time.monotonic() < end:
        page.page.wait_for_timeout(250)
        found = list(map(counts_in, facts.all_inner_texts()))
    page.page.keyboard.press("v")
    return found


def counts_in(text: str) -> Counts:
    found = FACTS.match(text)
    assert found, text
    right, _cells, wrong, missing = (int(part.replace(",", "")) for part in found.groups())
    return Counts(right, wrong, missing)


def board_of(url: str) -> Cells:
    """Return the newest board, when the pod serves it: a copy serves for some seconds."""
    with urllib.request.urlopen(f"{url}/api/canvas") as answer:
        newest = json.load(answer)["seq"]
    end = time.monotonic() + BOARD_PATIENCE
    while time.monotonic() < end:
        with urllib.request.urlopen(f"{url}/api/canvas/board") as answer:
            content, seq = answer.read(), int(answer.headers["X-Canvas-Seq"])
        if seq >= newest:
            return np.frombuffer(content[-SIDE * SIDE :], np.uint8).reshape(SIDE, SIDE)
        time.sleep(1)
    raise TimeoutError(f"the pod serves the board of {seq}, not of {newest}")


def ask_next(page: CanvasPage) -> list[float]:
    """Return how long the way to the next wrong cell took each time, in ms."""
    return [page.page.evaluate(ASK) for _ in range(NEXT)]
