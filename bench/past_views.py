"""Views of the past in a real Chromium: moments by link, and a drag along the bar of time."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from playwright.sync_api import Browser, BrowserContext, Request

from bench import usage
from bench.page_frames import HEIGHT, PROBE, SECONDS, SIDE, WIDTH, during, late
from bench.progress import log
from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import CHROMIUM, FLAGS

COLD, WARM = 12, 40  # moments
SCALE = 0.15  # the whole board in sight
PATIENCE = 30_000  # ms until a moment that is not shown ends the bench
SETTLE = 1.0  # seconds until the page is at rest
KIND: Any = {
    "viewport": {"width": WIDTH, "height": HEIGHT},
    "service_workers": "block",
    "locale": "en",
}

# Goes to a moment; returns the ms until a seq within these bounds is told, and the page has drawn
# all of the board: a frame that has painted for long leaves the rest for the next ones.
GO = """([hash, low, high, patience]) => new Promise((done, fail) => {
  const said = document.querySelector("#past .past-seq");
  const start = performance.now();
  const look = () => {
    const [, written = ""] = said.textContent.match(/^Pixel ([\\d,]+) of/) ?? [];
    const seq = Number(written.replaceAll(",", ""));
    if (!(low <= seq && seq <= high)) return;
    observer.disconnect();
    drawn();
  };
  const drawn = () => requestAnimationFrame(() => setTimeout(() => {
    if (probe.waiting) drawn();
    else done(performance.now() - start);
  }));
  const observer = new MutationObserver(look);
  observer.observe(said, { childList: true, characterData: true, subtree: true });
  setTimeout(() => fail(Error(`${said.textContent} at ${location.hash}`)), patience);
  location.hash = hash;
})"""


class Past(NamedTuple):
    """A canvas of so many placements, one each `apart`."""

    began: datetime
    apart: timedelta
    placements: int

    def moments(self, count: int, seed: int) -> Iterator["Moment"]:
        """Yield moments at random."""
        chance = random.Random(seed)
        seconds = int(self.placements * self.apart.total_seconds()) - 2
        for _ in range(count):
            at = self.began.replace(microsecond=0) + timedelta(seconds=chance.randrange(1, seconds))
            seq = round((at - self.began) / self.apart)
            near = round(timedelta(seconds=1) / self.apart)
            yield Moment(at, seq - near, seq + near)


class Moment(NamedTuple):
    """A moment, and the bounds of the seq that it shows."""

    at: datetime
    low: int
    high: int

    def go(self, page: CanvasPage) -> float:
        """Return how many ms it took until it was drawn."""
        at = f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        place = f"{SIDE // 2},{SIDE // 2},{SCALE}@{at}"
        taken: float = page.page.evaluate(GO, [place, self.low, self.high, PATIENCE])
        return taken


class Looks(NamedTuple):
    """Milliseconds until moments were drawn; the share of late frames while the thumb is dragged;
    and of a second look at the same moments the requests that the pod answered again, and its CPU
    beside that of a rest.
    """

    cold: list[float]
    warm: list[float]
    late: float
    requests: int
    cpu: float
    rest: float


def look(browser: Browser, url: str, past: Past, pid: int) -> Looks:
    cold = [_cold(browser, url, moment) for moment in past.moments(COLD, 1)]
    log(f"looking back: {COLD} moments were looked at with nothing cached")
    with TemporaryDirectory() as profile:
        return _look_again(_person(browser, profile), cold, url, past, pid)


def _look_again(
    context: BrowserContext, cold: list[float], url: str, past: Past, pid: int
) -> Looks:
    """Look at some moments twice."""
    asked: list[Request] = []
    context.on("requestfinished", lambda request: asked.append(request))
    page = _opened(context, url)
    again = list(past.moments(WARM, 2))
    for moment in again:
        moment.go(page)
    log(f"looking back: {WARM} moments were looked at, the second look begins")
    rest = _cpu_at_rest(page, pid)
    first = {each.url for each in asked}
    asked.clear()
    began, cpu = time.monotonic(), usage.cpu_seconds(pid)
    warm = [moment.go(page) for moment in again]
    seconds = time.monotonic() - began
    cpu = usage.cpu_seconds(pid) - cpu
    requests = sum("/api/" in each.url and each.url in first and _has_come(each) for each in asked)
    share = _scrub(page)
    context.close()
    return Looks(cold, warm, share, requests, cpu / seconds, rest)


def _has_come(request: Request) -> bool:
    """Tell whether an answer came from the server: one of the browser's cache has no bytes."""
    return request.sizes()["responseBodySize"] > 0


def _cold(browser: Browser, url: str, moment: Moment) -> float:
    """Return how long a moment takes in a browser that has nothing."""
    context = _context(browser)
    taken = moment.go(_opened(context, url))
    context.close()
    return taken


def _context(browser: Browser) -> BrowserContext:
    return browser.new_context(**KIND)


def _person(browser: Browser, profile: str) -> BrowserContext:
    """Open a browser with a profile: its cache is on disk, where other contexts have a small one in
    memory.
    """
    kind = browser.browser_type
    return kind.launch_persistent_context(profile, executable_path=CHROMIUM, args=FLAGS, **KIND)


def _opened(context: BrowserContext, url: str) -> CanvasPage:
    """Open the page, and the bar of time at the newest moment."""
    page = CanvasPage(context.new_page(), url, f"{SIDE // 2},{SIDE // 2},{SCALE}")
    page.page.add_init_script(PROBE)
    page.open()
    page.page.wait_for_timeout(SETTLE * 1000)
    page.page.keyboard.press("h")
    page.page.locator("#past .past-seq", has_text="Pixel").wait_for()
    page.page.wait_for_timeout(SETTLE * 1000)
    return page


def _cpu_at_rest(page: CanvasPage, pid: int) -> float:
    """Return the share of a core that the pod takes while nobody does anything."""
    cpu = usage.cpu_seconds(pid)
    page.page.wait_for_timeout(SECONDS * 1000)
    return (usage.cpu_seconds(pid) - cpu) / SECONDS


def _scrub(page: CanvasPage) -> float:
    """Drag the thumb to and fro; return the share of late frames."""
    box = page.page.locator("#past .past-track").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.page.mouse.move(box["x"] + box["width"] * 0.3, middle)
    page.page.mouse.down()
    page.page.evaluate("probe.on = true")
    for step in during(SECONDS):
        share = 0.3 + 0.4 * abs(step % 400 - 200) / 200
        page.page.mouse.move(box["x"] + box["width"] * share, middle)
        page.page.wait_for_timeout(8)
    intervals: list[float] = page.page.evaluate("probe.on = false, probe.intervals")
    page.page.mouse.up()
    return late(intervals)
