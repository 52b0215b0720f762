"""Reads of the ledger: blocking queries, for threads that may wait for the database."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Max, QuerySet
from django.db.models.functions import Now

from canvas import rules
from canvas.errors import UnknownCanvas
from canvas.models import Canvas, Placement
from canvas.protocol import Pixel
from canvas.rules import CanvasMeta


class Head(NamedTuple):
    """A canvas as the database has it now: its rules, and the seq of its newest placement."""

    meta: CanvasMeta
    seq: int


def head(slug: str) -> Head:
    """Raise UnknownCanvas when there is none of this name."""
    found = heads([slug])
    if not found:
        raise UnknownCanvas(slug)
    return found[slug]


def heads(slugs: Iterable[str]) -> dict[str, Head]:
    canvases = Canvas.objects.filter(slug__in=[slug for slug in slugs if rules.is_slug(slug)])
    return {canvas.slug: Head(canvas.meta(), canvas.seq) for canvas in canvases}


def pixels_after(meta: CanvasMeta, seq: int, limit: int) -> list[Pixel]:
    """The placements that follow `seq`, in order, at most `limit`."""
    rows = Placement.objects.filter(canvas_id=meta.id, seq__gt=seq).order_by("seq")
    return _pixels(rows, limit)


def cell_history(meta: CanvasMeta, x: int, y: int, limit: int) -> list[Pixel]:
    """The placements on one cell, newest first, at most `limit`."""
    rows = Placement.objects.filter(canvas_id=meta.id, x=x, y=y).order_by("-seq")
    return _pixels(rows, limit)


def seq_at(meta: CanvasMeta, moment: datetime) -> int:
    """The seq of the newest placement made at or before a moment, 0 when there is none."""
    rows = Placement.objects.filter(canvas_id=meta.id, placed_at__lte=moment)
    newest: int | None = rows.aggregate(newest=Max("seq"))["newest"]
    return newest or 0


def cooldown_left(meta: CanvasMeta, actor: str) -> int:
    """The ms until this actor may place again, by the database's clock."""
    rows = Placement.objects.filter(canvas_id=meta.id, actor=actor).order_by("-placed_at")
    row = rows.annotate(now=Now()).values_list("placed_at", "now").first()
    return 0 if row is None else rules.cooldown_left(row[1], row[0], meta.cooldown_ms)


def last_placed(meta: CanvasMeta, actors: Iterable[str], now: datetime) -> dict[str, datetime]:
    """When each actor last placed a pixel; those whose cooldown is over are left out."""
    recent = Placement.objects.filter(
        canvas_id=meta.id,
        actor__in=list(actors),
        placed_at__gt=now - timedelta(milliseconds=meta.cooldown_ms),
    )
    newest = recent.order_by().values("actor").annotate(newest=Max("placed_at"))
    return dict(newest.values_list("actor", "newest"))


def _pixels(rows: QuerySet[Placement], limit: int) -> list[Pixel]:
    fields = rows.values_list("seq", "x", "y", "color", "username", "placed_at")[:limit]
    return [
        Pixel(seq, x, y, color, username, milliseconds(placed_at))
        for seq, x, y, color, username, placed_at in fields
    ]


def pixel_of(row: Placement) -> Pixel:
    when = milliseconds(row.placed_at)
    return Pixel(row.seq, row.x, row.y, row.color, row.username, when)


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
