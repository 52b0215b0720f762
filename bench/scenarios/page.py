"""The smoothness of the page on a large board while pixels arrive."""

from bench import page_frames
from bench.page_frames import HEIGHT, RATE, REFRESH, SECONDS, SIDE, WIDTH, Frames
from bench.progress import log
from bench.rig import Rig
from bench.section import Claim, Section

LATE = 0.01  # of the frames: p99 is within one refresh
WORK = 16.0  # ms


def run(rig: Rig, rounds: int) -> Section:
    looks: dict[str, list[Frames]] = {}
    for number in range(1, rounds + 1):
        log(f"page, round {number} of {rounds}")
        for frames in page_frames.measure(rig.environment()):
            log(f"page: {frames.name}: {frames.late:.1%} late")
            looks.setdefault(frames.name, []).append(frames)
    views = [page_frames.typical(frames) for frames in looks.values()]
    return Section(
        "The page",
        f"Chromium without a GPU, so that the processor also rasters and composites, beside the"
        f" pod, PostgreSQL, Redis and the feed. A board of {SIDE:,} x {SIDE:,}, {RATE:,.0f} pixels"
        f" a second all over it, a window of {WIDTH} x {HEIGHT} at 60 Hz, {SECONDS:g} seconds a"
        " view. *Between frames* is the time from one animation frame to the next, which is"
        f" {REFRESH:.1f} ms as long as the page keeps up; *late* is the share of the screen's"
        " refreshes that found no new frame. *Work* is what the page's own code took since the"
        " frame before, for messages and for drawing, in frames where it did anything.",
        ("what is seen", "between frames, ms, p50 / p95 / p99", "late", "work, ms"),
        [
            (frames.name, str(frames.between), f"{frames.late:.1%}", str(frames.work))
            for frames in views
        ],
        claims(views),
    )


def claims(views: list[Frames]) -> list[Claim]:
    """Return the claims for the worst view, which then hold for all."""
    latest = max(views, key=lambda frames: frames.late)
    busiest = max(views, key=lambda frames: frames.work.p99)
    board = f"{SIDE:,} x {SIDE:,} board, {RATE:,.0f} px/s"
    return [
        Claim(
            f"{board}: frames later than a refresh of 60 Hz ({REFRESH:.1f} ms), worst view",
            f"<= {LATE:.0%}",
            f"{latest.late:.1%} ({latest.name})",
            latest.late <= LATE,
        ),
        Claim(
            f"{board}: the page's work in a frame, p99, worst view",
            f"<= {WORK:g} ms",
            f"{busiest.work.p99:.1f} ms ({busiest.name})",
            busiest.work.p99 <= WORK,
        ),
    ]
