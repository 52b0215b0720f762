"""A shared blueprint on a slow phone: how long after the board it is seen."""

import statistics
from typing import NamedTuple

from playwright.sync_api import Browser

from bench import page_frames
from bench.progress import log
from bench.rig import Rig
from bench.section import Claim, Section
from tests.support.processes import ServerProcess, manage

SLOWER = 4  # times that the processor is
# What browsers call “Fast 3G”: ms, and bytes a second.
LINE = {
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 180_000,
    "uploadThroughput": 84_375,
}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
    "service_workers": "block",
}
SIDE = 200  # cells of the blueprint
AFTER = 2.0  # seconds, the target
PATIENCE = 120_000  # ms
OPENINGS = 3  # in each round
MAKE = f"""
from django.contrib.auth.models import User
from blueprints.domain.template import of_cells
from canvas.domain.palette import DEFAULT_PALETTE
from tests.blueprints.helpers import client_of, saved, stored
artist = client_of(User.objects.create_user("artist"))
cells = [1 + (at // 7 + at // {SIDE}) % 8 for at in range({SIDE} * {SIDE})]
image = stored(artist, of_cells({SIDE}, {SIDE}, bytes(cells), dict(enumerate(DEFAULT_PALETTE))))
print("blueprint", saved(artist, image=image, x=400, y=400)["id"])
"""
# Notes when something of the board, and of the blueprint, is painted in the middle column.
WATCH = """(() => {
  window.seen = {};
  const painted = (id) => {
    const canvas = document.getElementById(id);
    if (!canvas?.width || !canvas.clientWidth) return false;
    const column = canvas.getContext("2d").getImageData(canvas.width >> 1, 0, 1, canvas.height);
    return column.data.some((value) => value > 0);
  };
  setInterval(() => {
    for (const id of ["board", "blueprints"]) {
      if (!(id in window.seen) && painted(id)) window.seen[id] = performance.now();
    }
  }, 50);
})()"""


class Opening(NamedTuple):
    """Seconds from the link to the board, and to the blueprint."""

    board: float
    blueprint: float


def run(rig: Rig, rounds: int) -> Section:
    environment = rig.environment()
    printed = manage("shell", "-c", MAKE, environment=environment)
    (key,) = (line.split()[1] for line in printed.splitlines() if line.startswith("blueprint"))
    openings: list[Opening] = []
    with ServerProcess(environment=environment) as pod, page_frames.chromium() as browser:
        for _ in range(rounds * OPENINGS):
            openings.append(opened(browser, f"{pod.base_url}/?t={key}#500,500,1.5"))
            log(f"shared link: {openings[-1]}")
    board = statistics.median(each.board for each in openings)
    after = statistics.median(each.blueprint - each.board for each in openings)
    return Section(
        "A shared link on a slow phone",
        f"A link to a blueprint of {SIDE} x {SIDE} cells, opened by a browser that has nothing,"
        f" with a processor {SLOWER} times slower, and the line that browsers call “Fast 3G”;"
        f" medians of {len(openings)}.",
        ("until", "s"),
        [("the board", f"{board:.1f}"), ("the blueprint, after it", f"{after:.1f}")],
        claims=[
            Claim(
                "a shared link on a slow phone: the blueprint, after the board",
                f"<= {AFTER:g} s",
                f"{after:.1f} s",
                after <= AFTER,
            )
        ],
    )


def opened(browser: Browser, link: str) -> Opening:
    context = browser.new_context(**PHONE)  # type: ignore[arg-type]
    page = context.new_page()
    page.add_init_script(WATCH)
    device = context.new_cdp_session(page)
    device.send("Network.enable")
    device.send("Network.emulateNetworkConditions", LINE)
    device.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(link, timeout=PATIENCE)
    page.wait_for_function("() => seen.board && seen.blueprints", timeout=PATIENCE)
    seen: dict[str, float] = page.evaluate("seen")
    context.close()
    return Opening(seen["board"] / 1000, seen["blueprints"] / 1000)
