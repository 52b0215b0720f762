"""The page with templates laid over a large board while pixels arrive."""

from dataclasses import dataclass, field

from bench import page_frames, templates
from bench.feed import Feed
from bench.page_frames import RATE, SECONDS, SIDE, Frames, View, dragging, still
from bench.progress import log
from bench.rig import Rig
from bench.section import Claim, Section
from bench.templates import COUNT, EDGE, Conversion, Counts
from tests.browser.canvas_page import CanvasPage
from tests.support.processes import ServerProcess, manage

MORE = 2.0  # ms of the page's work in a frame, p99, that the templates may add
NEXT = 50.0  # ms
CONVERTING = 1000.0  # ms
PAUSE = 100.0  # ms
VIEWS = (
    View("the whole board, standing still", 0.15, still),
    View("the whole board, dragged", 0.3, dragging),
    View("one to one, dragged", 1, dragging),
    View("8 to one, dragged", 8, dragging),
)


@dataclass
class Result:
    """Findings of the rounds; frames by view, without and with the templates."""

    without: dict[str, list[Frames]] = field(default_factory=dict)
    beside: dict[str, list[Frames]] = field(default_factory=dict)
    conversions: list[Conversion] = field(default_factory=list)
    next_cell: list[float] = field(default_factory=list)
    compared: int = 0
    unequal: int = 0

    def compare(self, told: list[Counts], counted: list[Counts]) -> None:
        self.compared += len(counted)
        pairs = zip(told, counted, strict=True)
        self.unequal += sum(each != other for each, other in pairs)


def run(rig: Rig, rounds: int) -> Section:
    result = Result()
    for number in range(1, rounds + 1):
        log(f"blueprints, round {number} of {rounds}")
        _round(rig, result)
    views = [
        (page_frames.typical(result.without[view.name]), page_frames.typical(found))
        for view in VIEWS
        for found in [result.beside[view.name]]
    ]
    return Section(
        "Blueprints on the page",
        f"{COUNT} templates of {EDGE:,} x {EDGE:,} over a board of {SIDE:,} x {SIDE:,}, on which"
        f" {RATE:,.0f} pixels a second arrive; Chromium without a GPU beside all else, as for the"
        f" page, {SECONDS:g} seconds a view, with and without the templates in one run. *Work* is"
        " what the page's own code took in a frame.",
        ("what is seen", "work without, ms, p50 / p95 / p99", "with", "between frames, with"),
        [(one.name, str(one.work), str(two.work), str(two.between)) for one, two in views],
        claims(result, views),
    )


def _round(rig: Rig, result: Result) -> None:
    environment = {**rig.environment(), "FEED_SIDE": str(SIDE)}
    manage("shell", "-c", page_frames.CONFIGURE, environment=environment)
    with (
        ServerProcess(environment=environment) as pod,
        Feed(environment) as feed,
        page_frames.chromium() as browser,
    ):
        size = {"width": page_frames.WIDTH, "height": page_frames.HEIGHT}
        plain, covered = (browser.new_context(viewport=size) for _ in range(2))  # type: ignore[arg-type]
        made = templates.templates()
        page = CanvasPage(covered.new_page(), pod.base_url, f"{SIDE // 2},{SIDE // 2},1")
        page.open()
        result.conversions += templates.lay(page, made)
        page.page.close()

        def look(page: CanvasPage) -> None:
            board = templates.board_of(pod.base_url)
            counted = [each.counts(board) for each in reversed(made)]
            result.compare(templates.told(page, counted), counted)
            result.next_cell += templates.ask_next(page)

        for view in VIEWS:
            frames = page_frames.record_in(plain, pod.base_url, feed, view)
            result.without.setdefault(view.name, []).append(frames)
            log(f"blueprints: {view.name}, without: work {frames.work}")
            frames = page_frames.record_in(covered, pod.base_url, feed, view, look)
            result.beside.setdefault(view.name, []).append(frames)
            log(f"blueprints: {view.name}, with: work {frames.work}, {result.unequal} unequal")


def claims(result: Result, views: list[tuple[Frames, Frames]]) -> list[Claim]:
    """Return the claims, for the worst view, picture or cell."""
    without, beside = max(views, key=lambda pair: pair[1].work.p99 - pair[0].work.p99)
    more = beside.work.p99 - without.work.p99
    slowest = max(result.conversions)
    pause = max(each.pause for each in result.conversions)
    longest = max(result.next_cell)
    return [
        Claim(
            f"{COUNT} templates: more work in a frame, p99, worst view",
            f"<= {MORE:g} ms",
            f"{more:.1f} ms ({beside.name})",
            more <= MORE,
        ),
        Claim(
            "counts of the page against brute force",
            "equal",
            f"{result.unequal} of {result.compared} differ",
            result.unequal == 0,
        ),
        Claim(
            f"next wrong cell, the slowest of {len(result.next_cell)}",
            f"<= {NEXT:g} ms",
            f"{longest:.1f} ms",
            longest <= NEXT,
        ),
        Claim(
            f"converting {EDGE:,} x {EDGE:,}, the slowest of {len(result.conversions)}",
            f"<= {CONVERTING:,.0f} ms",
            f"{slowest.took:,.0f} ms",
            slowest.took <= CONVERTING,
        ),
        Claim(
            "the page's longest pause while a picture is converted",
            f"<= {PAUSE:g} ms",
            f"{pause:.0f} ms",
            pause <= PAUSE,
        ),
    ]
