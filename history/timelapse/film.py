"""Frames of a film: a region of a canvas, from one moment to another, in a number of frames."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil

from django.utils.dateparse import parse_datetime

from canvas.domain.area import Area
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads, revisions
from canvas.ledger.reads import Head
from canvas.models import Placement
from history.errors import Faulty

MAX_FRAMES = 36_000  # 20 minutes at 30 a second
MAX_RATE = 60  # frames a second
MAX_SIDE = 16_383  # pixels, as WebP has them at most
MAX_PIXELS = 7680 * 4320  # of a frame
AREA_FORM = re.compile(r"(\d{1,5}),(\d{1,5}),(\d{1,5}),(\d{1,5})")


@dataclass(frozen=True)
class Wish:
    """Options of a film as they were given; an empty one means all, or a default."""

    since: str = ""
    until: str = ""
    seconds: float = 20.0
    rate: int = 30  # frames a second
    area: str = ""
    width: int = 0  # pixels


@dataclass(frozen=True)
class Film:
    """A film of a canvas. Moments are ms since 1970, `size` is in pixels."""

    meta: CanvasMeta
    last: int  # the seq of the last frame's board
    area: Area
    moments: tuple[int, ...]
    rate: int
    size: tuple[int, int]


def plan(head: Head, wish: Wish) -> Film:
    """Return the film that a wish asks for; raise Faulty, naming what cannot be."""
    since, until = _span(head, wish)
    count = ceil(wish.seconds * wish.rate) if wish.seconds > 0 else 0
    if not 1 <= wish.rate <= MAX_RATE:
        raise Faulty(f"--fps is 1 to {MAX_RATE}, not {wish.rate}.")
    if not 1 <= count <= MAX_FRAMES:
        raise Faulty(f"A film has 1 to {MAX_FRAMES} frames: {wish.seconds} s are {count}.")
    last = reads.seq_at(head.meta, datetime.fromtimestamp(until / 1000, UTC), head.seq)
    area = _area(head.meta, wish.area, last)
    moments = [since + (until - since) * n // max(1, count - 1) for n in range(count)]
    moments[-1] = until
    return Film(head.meta, last, area, tuple(moments), wish.rate, _size(area, wish.width))


def _span(head: Head, wish: Wish) -> tuple[int, int]:
    ends = _end(head.meta, "seq"), _end(head.meta, "-seq")
    if ends[0] is None or ends[1] is None:
        raise Faulty(f"Nothing was placed on {head.meta.slug} yet.")
    first, now = reads.milliseconds(ends[0]), reads.clock(head.meta)
    since = parse_moment("--from", wish.since) if wish.since else first
    until = parse_moment("--to", wish.until) if wish.until else reads.milliseconds(ends[1])
    for option, moment in (("--from", since), ("--to", until)):
        if moment < first:
            raise Faulty(f"{option} is before the first placement, {shown(first)}.")
        if moment > max(now, reads.milliseconds(ends[1])):
            raise Faulty(f"{option} is after now, {shown(now)}.")
    if since > until:
        raise Faulty(f"--from is after --to, {shown(until)}.")
    return since, until


def _end(meta: CanvasMeta, order: str) -> datetime | None:
    rows = Placement.objects.filter(canvas_id=meta.id).order_by(order)
    return rows.values_list("placed_at", flat=True).first()


def parse_moment(option: str, text: str) -> int:
    """Read ISO 8601, UTC where no zone is named, or ms since 1970; raise Faulty."""
    try:
        if text.isascii() and text.isdigit():
            return reads.milliseconds(datetime.fromtimestamp(int(text) / 1000, UTC))
        moment = parse_datetime(text)
    except (ValueError, OverflowError, OSError):
        moment = None
    if moment is None:
        raise Faulty(f"{option} is no time: 2026-11-25T20:12:05Z, or ms since 1970.")
    return reads.milliseconds(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def shown(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")


def _area(meta: CanvasMeta, text: str, last: int) -> Area:
    """Return the area to show: the one that is named, or all that the canvas was up to the end."""
    sizes = [rules for seq, rules in revisions.metas(meta) if seq <= last] or [meta]
    width, height = max(each.width for each in sizes), max(each.height for each in sizes)
    if not text:
        return Area(0, 0, width, height)
    found = AREA_FORM.fullmatch(text)
    if found is None:
        raise Faulty(f"--region is x,y,width,height, not {text}.")
    area = Area(*map(int, found.groups()))
    if not area.width or not area.height or area.right > width or area.bottom > height:
        raise Faulty(f"--region {text} is not on the canvas of {width} x {height} cells.")
    return area


def _size(area: Area, width: int) -> tuple[int, int]:
    """Return the pixels of a frame: of the width, or whole pixels a cell that make some 1,000."""
    if not width:
        width = area.width * max(1, 1000 // max(area.width, area.height))
    height = max(1, round(area.height * width / area.width))
    if not 1 <= width <= MAX_SIDE or height > MAX_SIDE or width * height > MAX_PIXELS:
        raise Faulty(f"A frame of {width} x {height} pixels is more than {MAX_PIXELS} or too long.")
    return width, height
