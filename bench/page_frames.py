"""Frame times of the page in a real Chromium: a large board, on which pixels arrive."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.feed import Feed
from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.support.processes import ServerProcess, manage

SIDE = 4000  # cells
RATE = 2000.0  # px/s, all over the board
SECONDS = 10.0  # for each view
WARM_UP = 2.0  # seconds: a board that is shown for the first time paints every tile once
WIDTH, HEIGHT = 1280, 800
REFRESH = 1000 / 60  # ms
CLICK = 100  # CSS pixels that a click of the wheel scrolls
CONFIGURE = (
    "from canvas.services import configure;"
    f"configure('main', {{'width': {SIDE}, 'height': {SIDE}}})"
)

# Runs before the page's modules. It collects the ms between two frames (`intervals`), and the ms
# of the page's own code since the frame before (`work`); it counts what the page has still to draw
# (`waiting`): calls that it has asked for in the next frame.
PROBE = """(() => {
  const probe = window.probe = { intervals: [], work: [], on: false, waiting: 0 };
  const request = window.requestAnimationFrame.bind(window);
  let spent = 0, before = 0;
  const timed = (run) => (argument) => {
    const start = performance.now();
    run(argument);
    spent += performance.now() - start;
  };
  const tick = (now) => {
    if (probe.on) probe.intervals.push(now - before);
    if (probe.on && spent) probe.work.push(spent);
    [before, spent] = [now, 0];
    request(tick);
  };
  request(tick);
  window.requestAnimationFrame = (draw) => {
    probe.waiting += 1;
    return request(timed((now) => {
      probe.waiting -= 1;
      draw(now);
    }));
  };
  const { set } = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    set(handle) { set.call(this, timed(handle)); },
  });
})()"""

Act = Callable[[Page, float], None]


@dataclass(frozen=True)
class View:
    """A scene: its zoom in CSS pixels a cell, and the actions of a person there."""

    name: str
    scale: float
    act: Act


class Spread(NamedTuple):
    """Percentiles in milliseconds."""

    p50: float
    p95: float
    p99: float

    def __str__(self) -> str:
        return f"{self.p50:.1f} / {self.p95:.1f} / {self.p99:.1f}"


@dataclass(frozen=True)
class Frames:
    """The frames of one view: the time between two, and the work of the page's code in each.

    `late` is the share of the screen's refreshes that found no new frame.
    """

    name: str
    between: Spread
    work: Spread
    late: float


def typical(rounds: Sequence[Frames]) -> Frames:
    """Return the median of each value over the rounds of one view."""
    late = statistics.median(each.late for each in rounds)
    between = _middle([each.between for each in rounds])
    return Frames(rounds[0].name, between, _middle([each.work for each in rounds]), late)


def _middle(spreads: Sequence[Spread]) -> Spread:
    return Spread(*map(statistics.median, zip(*spreads, strict=True)))


def spread(values: list[float]) -> Spread:
    cuts = statistics.quantiles(values, n=100)
    return Spread(cuts[49], cuts[94], cuts[98])


def late(intervals: list[float]) -> float:
    """Return the share of the screen's refreshes that found no new frame."""
    refreshes = [max(1, round(interval / REFRESH)) for interval in intervals]
    return 1 - len(refreshes) / sum(refreshes)


def still(page: Page, seconds: float) -> None:
    page.wait_for_timeout(seconds * 1000)


def dragging(page: Page, seconds: float) -> None:
    """Drag the board to and fro for so many seconds."""
    page.mouse.move(WIDTH / 2, HEIGHT / 2)
    page.mouse.down()
    for step in during(seconds):
        page.mouse.move(WIDTH / 2 + abs(step % 80 - 40) * 5, HEIGHT / 2)
        page.wait_for_timeout(5)
    page.mouse.up()


def zooming(clicks: int) -> Act:
    """Return an act that turns the wheel so many clicks in and out again, without a pause."""

    def act(page: Page, seconds: float) -> None:
        page.mouse.move(WIDTH / 2, HEIGHT / 2)
        for step in during(seconds):
            page.mouse.wheel(0, CLICK if step // clicks % 2 else -CLICK)
            page.wait_for_timeout(40)

    return act


def during(seconds: float) -> Iterator[int]:
    """Yield 0, 1, 2, … until so many seconds have passed."""
    end = time.monotonic() + seconds
    for step in count():
        if time.monotonic() > end:
            return
        yield step


VIEWS = (
    View("the whole board, standing still", 0.15, still),
    View("one to one, standing still", 1, still),
    View("20 to one, standing still", 20, still),
    View("the whole board, dragged", 0.3, dragging),
    View("from the whole board to one to one and back", 0.15, zooming(9)),
    View("from the whole board to 20 to one and back", 0.15, zooming(22)),
)


def measure(environment: Mapping[str, str]) -> Iterator[Frames]:
    """Yield the frames of each view, on one pod."""
    environment = {**environment, "FEED_SIDE": str(SIDE)}
    manage("shell", "-c", CONFIGURE, environment=environment)
    with (
        ServerProcess(environment=environment) as pod,
        Feed(environment) as feed,
        chromium() as browser,
    ):
        for view in VIEWS:
            yield record(browser, pod.base_url, feed, view)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def record(browser: Browser, url: str, feed: Feed, view: View) -> Frames:
    """Open the page at the view, act there while pixels arrive, and return the frames."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    frames = record_in(context, url, feed, view)
    context.close()
    return frames


def record_in(
    context: BrowserContext,
    url: str,
    feed: Feed,
    view: View,
    then: Callable[[CanvasPage], None] = lambda page: None,
) -> Frames:
    """Do so in a browser that keeps what it has, and `then` look at the page."""
    page = CanvasPage(context.new_page(), url, f"{SIDE // 2},{SIDE // 2},{view.scale}")
    page.page.add_init_script(PROBE)
    page.open()
    feed.start(RATE, SECONDS + WARM_UP)
    page.page.wait_for_timeout(WARM_UP * 1000)
    page.page.evaluate("probe.on = true")
    view.act(page.page, SECONDS)
    probe: dict[str, list[float]] = page.page.evaluate("probe")
    feed.wait()
    page.wait_state("live")
    then(page)
    page.page.close()
    intervals = probe["intervals"]
    return Frames(view.name, spread(intervals), spread(probe["work"]), late(intervals))
