"""Layers and marks as they are painted, against what the placements say one by one."""

import json
import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser import a_past
from tests.browser.a_past import BEGAN, CHANGED, COUNT, LATER_SIZE, MODERATED, SIZE, moment
from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import OpenAt
from tests.browser.looking_back import go, panel, wait_seq
from tests.browser.waiting import wait_until

pytestmark = pytest.mark.timeout(300)  # the first test makes the past

HOUR, DAY = 3600, 86_400
LEVELS = [
    bytes.fromhex(each)
    for each in ("2F4A6D", "575D6D", "707173", "8A8678", "A59C74", "C3B369", "FEE838")
]
OWN = range(17, COUNT, 1009)  # seqs
COLOR = 3
LATE = 65_900  # in the open segment; each cell is drawn by then

# Reads pixels of a canvas: red, green and blue of each, as letters.
READ = """([selector, left, top, width, height]) => {
  const canvas = document.querySelector(selector);
  const { data } = canvas.getContext("2d").getImageData(left, top, width, height);
  let text = "";
  for (let i = 0; i < data.length; i++) if (i % 4 < 3) text += String.fromCharCode(data[i]);
  return text;
}"""


class Drawn(NamedTuple):
    """The placements of a cell that no resize has cut off: seqs and colours, the oldest first."""

    seqs: list[int]
    colors: list[int]


def drawn_until(until: int) -> dict[tuple[int, int], Drawn]:
    cells: dict[tuple[int, int], Drawn] = {}
    for seq, x, y, color in a_past.placements():
        if seq > until:
            break
        drawn = cells.setdefault((x, y), Drawn([], []))
        drawn.seqs.append(seq)
        drawn.colors.append(color)
        if seq == CHANGED:
            width, height = LATER_SIZE
            cells = {at: each for at, each in cells.items() if at[0] < width and at[1] < height}
    return cells


def level_of_count(count: int) -> int:
    return min(7, count.bit_length())


def level_of_age(seconds: int) -> int:
    return 7 - sum(seconds >= limit for limit in (60, 600, HOUR, 6 * HOUR, DAY, 7 * DAY))


# A placement a second: the age of one is the number of those after it.
LAYERS: dict[str, Callable[[Drawn, int], int]] = {
    "heat": lambda drawn, at: level_of_count(sum(seq > at - HOUR for seq in drawn.seqs)),
    "age": lambda drawn, at: level_of_age(at - drawn.seqs[-1]) if drawn.seqs else 0,
    "often": lambda drawn, at: level_of_count(len(drawn.seqs)),
    "untouched": lambda drawn, at: 0 if drawn.seqs else 7,
    "programs": lambda drawn, at: 7 if drawn.seqs and drawn.seqs[-1] % a_past.PROGRAM == 0 else 0,
    "color": lambda drawn, at: 7 if (drawn.colors[-1:] or [0])[0] == COLOR else 0,
    "mine": lambda drawn, at: mine(drawn),
}


def mine(drawn: Drawn) -> int:
    own = [i for i, seq in enumerate(drawn.seqs) if seq in OWN]
    if not own:
        return 0
    return 7 if drawn.colors[own[-1]] == drawn.colors[-1] else 3


def wanted(layer: str, seq: int) -> npt.NDArray[np.int_]:
    """Return the level of each cell, counted by brute force."""
    width, height = SIZE if seq < CHANGED else LATER_SIZE
    cells, nothing = drawn_until(seq), Drawn([], [])
    rows = [
        [LAYERS[layer](cells.get((x, y), nothing), seq) for x in range(width)]
        for y in range(height)
    ]
    return np.array(rows)


def painted(page: CanvasPage, seq: int) -> npt.NDArray[np.int_]:
    """Return the level that is painted on each cell: 0 for a dark grey, -1 for anything else."""
    width, height = SIZE if seq < CHANGED else LATER_SIZE
    left, top = page.point(0, 0)
    text: str = page.page.evaluate(READ, ["#board", int(left), int(top), width, height])
    found = np.frombuffer(text.encode("latin-1"), np.uint8).reshape(height, width, 3)
    levels = np.full((height, width), -1)
    grey = (found.max(axis=2) == found.min(axis=2)) & (found.max(axis=2) < 48)
    levels[grey] = 0
    for level, color in enumerate(LEVELS, 1):
        levels[(found == np.frombuffer(color, np.uint8)).all(axis=2)] = level
    return levels


def tell_own(route: Route) -> None:
    """Answer as the server does to a person who has drawn some of the past."""
    own = [each for each in a_past.placements() if each[0] in OWN]
    seqs, xs, ys, colors = (list(each) for each in zip(*own, strict=True))
    body = {"seqs": seqs, "xs": xs, "ys": ys, "colors": colors, "more": False, "until": COUNT}
    route.fulfill(body=json.dumps(body), content_type="application/json")


def test_each_layer_shows_what_the_placements_of_each_cell_say(open_at: OpenAt) -> None:
    page = open_at(29_000, locale="en")
    page.page.context.route("**/api/canvas/mine?*", tell_own)
    form = panel(page)
    for seq in (29_000, LATE):
        go(page, f"80,60,1@{moment(seq):%Y-%m-%dT%H:%M:%SZ}")
        wait_seq(page, seq)
        for layer in LAYERS:
            shown(page, form, layer, seq)


def shown(page: CanvasPage, form: Locator, layer: str, seq: int) -> None:
    form.get_by_label("Layer").select_option(layer)
    if layer == "color":
        form.locator("select").nth(1).select_option(index=COLOR)
    levels = wanted(layer, seq)
    all_drawn = (layer, seq) == ("untouched", LATE)
    assert all_drawn or len(np.unique(levels)) > 1, "the layer tells some cells from others"

    def wrong() -> int:
        return int((painted(page, seq) != levels).sum())

    wait_until(page.page, lambda: wrong() == 0, lambda: f"{layer} at {seq}: {wrong()} cells differ")
    expect(form.locator(".past-legend li").first).to_be_visible()


def test_the_bar_marks_what_was_busy_moderated_and_changed(open_at: OpenAt) -> None:
    page = open_at(locale="en")
    page.page.keyboard.press("h")
    wait_seq(page, COUNT)
    size = page.page.evaluate(
        "(({width, height}) => [width, height])(document.querySelector('.past-track canvas'))"
    )
    width, height = size

    def colors() -> npt.NDArray[np.uint8]:
        text: str = page.page.evaluate(READ, [".past-track canvas", 0, 0, width, height])
        return np.frombuffer(text.encode("latin-1"), np.uint8).reshape(height, width, 3)

    def columns(name: str, rows: slice) -> npt.NDArray[np.int_]:
        value: str = page.page.evaluate(
            "name => getComputedStyle(document.querySelector('#past')).getPropertyValue(name)", name
        )
        color = np.frombuffer(bytes.fromhex(value.strip()[1:]), np.uint8)
        return np.flatnonzero((colors()[rows] == color).all(axis=2).any(axis=0))

    def at(seq: int) -> float:
        return (moment(seq) - BEGAN).total_seconds() / COUNT * float(width)

    # The upper edge is free but for the change of the rules, which is a line from there.
    wait_until(page.page, lambda: len(columns("--rules", slice(0, 1))) > 0, "no change is marked")
    assert np.abs(columns("--rules", slice(0, 1)) - at(CHANGED)).max() < 3
    moderated = columns("--moderated", slice(0, 8))
    middle = (at(MODERATED.start) + at(MODERATED.stop)) / 2
    assert len(moderated) > 0
    assert np.abs(moderated - middle).max() < width / 48 + 6, "within a part of the segment"
    busy = columns("--busy", slice(height - 9, height - 7))
    assert len(busy) > width / 2, "a pixel a second: no time is empty"
    words = "Height: how much was drawn. Dots: moderation. Lines: new size or palette."
    expect(page.page.locator(".past-track")).to_have_attribute("title", re.compile(f"^{words}"))
