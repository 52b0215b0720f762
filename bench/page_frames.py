"""How smoothly the page draws a large board while pixels arrive, in a real Chromium.

    python -m bench.page_frames [--side 4000] [--rate 2000] [--seconds 10] [--out FILE]

Prints JSON. A pod serves the page, another process places the pixels, all over the board. For
each view it tells, in milliseconds: `interval`, from one animation frame to the next; `work`, what
the page's own code took in a frame that drew; `handling`, what it took for one WebSocket message.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.feed import Feed
from bench.stage import Stage
from tests.browser.canvas_page import CanvasPage
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.support.processes import ServerProcess, manage

WIDTH, HEIGHT = 1280, 800
WARM_UP_MS = 2_000  # the first look at a board paints every tile once
CONFIGURE = (
    "from canvas.services import configure; configure('main', {{'width': {0}, 'height': {0}}})"
)
NOTE = (
    "Chromium without a GPU: it also rasters and composites on the processor, which the pod, "
    "PostgreSQL, Redis and the feed share. `interval` is bound by that, `work` and `handling` "
    "are the page's own. A display of 60 Hz leaves 16.7 ms a frame."
)

# Before the page's modules: what animation frames and messages cost, and when frames come.
PROBE = """(() => {
  const probe = { intervals: [], work: [], handling: [], on: false };
  window.probe = probe;
  const request = window.requestAnimationFrame.bind(window);
  let frame = -1, spent = 0;
  window.requestAnimationFrame = (draw) => request((now) => {
    const start = performance.now();
    draw(now);
    if (frame !== now && probe.on && frame >= 0) probe.work.push(spent);
    spent = (frame === now ? spent : 0) + performance.now() - start;
    frame = now;
  });
  let before = 0;
  const tick = (now) => {
    if (probe.on && before) probe.intervals.push(now - before);
    before = now;
    request(tick);
  };
  request(tick);
  const { set } = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    set(handle) {
      set.call(this, (event) => {
        const start = performance.now();
        handle(event);
        if (probe.on) probe.handling.push(performance.now() - start);
      });
    },
  });
})()"""


def still(page: Page, seconds: float) -> None:
    page.wait_for_timeout(seconds * 1000)


def panning(page: Page, seconds: float) -> None:
    """Drag to and fro, all the time."""
    page.mouse.move(WIDTH / 2, HEIGHT / 2)
    page.mouse.down()
    end = time.monotonic() + seconds
    for step in count():
        page.mouse.move(WIDTH / 2 + abs(step % 80 - 40) * 5, HEIGHT / 2)
        page.wait_for_timeout(5)
        if time.monotonic() > end:
            break
    page.mouse.up()


VIEWS: dict[str, tuple[str, Callable[[Page, float], None]]] = {
    "the whole board": ("{middle},{middle},0.15", still),
    "one to one": ("{middle},{middle},1", still),
    "close up, 20 to one": ("{middle},{middle},20", still),
    "the whole board, dragged": ("{middle},{middle},0.3", panning),
}


def distribution(values: Sequence[float]) -> dict[str, float]:
    """Of milliseconds: their number, percentiles and the largest."""
    cuts = statistics.quantiles(values, n=100) if len(values) > 1 else [*values] * 99
    found = (
        {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(values)} if values else {}
    )
    return {"count": len(values)} | {name: round(value, 2) for name, value in found.items()}


def measure(page: Page, act: Callable[[Page, float], None], seconds: float) -> dict[str, Any]:
    page.wait_for_timeout(WARM_UP_MS)
    page.evaluate("probe.on = true")
    act(page, seconds)
    page.evaluate("probe.on = false")
    probe = page.evaluate("probe")
    names = {"interval": "intervals", "work": "work", "handling": "handling"}
    return {name: distribution(probe[kept]) for name, kept in names.items()}


def run(side: int, rate: int, seconds: float) -> dict[str, Any]:
    """The whole measurement, on a stage of its own."""
    views: dict[str, Any] = {}
    before = 0
    with Stage() as stage, sync_playwright() as playwright:
        environment = stage.environment() | {"FEED_SIDE": str(side)}
        manage("shell", "-c", CONFIGURE.format(side), environment=environment)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with ServerProcess(environment=environment) as pod, Feed(environment) as feed:
            for name, (at, act) in VIEWS.items():
                context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
                page = CanvasPage(context.new_page(), pod.base_url, at.format(middle=side // 2))
                page.page.add_init_script(PROBE)
                page.open()
                feed.start(rate, seconds + WARM_UP_MS / 1000)
                views[name] = measure(page.page, act, seconds)
                placed = feed.wait()
                views[name]["pixels"] = placed - before
                before = placed
                page.wait_state("live")
                context.close()
        version = browser.version
        browser.close()
    return {
        "board": f"{side} x {side}",
        "pixels_per_second": rate,
        "seconds": seconds,
        "window": f"{WIDTH} x {HEIGHT}",
        "chromium": version,
        "note": NOTE,
        "views": views,
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.page_frames", description="Frame times.")
    parser.add_argument("--side", type=int, default=4000, help="of the board, in cells")
    parser.add_argument("--rate", type=int, default=2000, help="pixels a second")
    parser.add_argument("--seconds", type=float, default=10, help="for each view")
    parser.add_argument("--out", type=Path, help="a file for the JSON")
    chosen = parser.parse_args()
    answer = json.dumps(run(chosen.side, chosen.rate, chosen.seconds), indent=2)
    (chosen.out.write_text if chosen.out else sys.stdout.write)(answer + "\n")


if __name__ == "__main__":
    main()
