"""Reads of the ledger: blocking queries, for threads that may wait for the database."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Now

from accounts.names import DELETED
from canvas.domain import parsing
from canvas.domain.errors import UnknownCanvas
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.ledger import fold
from canvas.ledger.faults import LedgerFault, fault_at_end
from canvas.ledger.inserts import Row
from canvas.models import Canvas, Forgetting, Placement

# The name on a placement. That of a person who has left comes off their rows in steps, which may
# take minutes; nobody reads it meanwhile.
NAME = Case(
    When(actor__in=Forgetting.objects.values("actor"), then=Value(DELETED)), default=F("username")
)


class Head(NamedTuple):
    """The rules of a canvas as the database has them now, and the seq of its newest placement."""

    meta: CanvasMeta
    seq: int


class Compared(NamedTuple):
    """The head of a canvas, and the fault where its newest row has another seq.

    `at` is the placement of the seq that was asked for, where there is one.
    """

    head: Head
    fault: LedgerFault | None
    at: Pixel | None


class Page(NamedTuple):
    """Placements that follow one another, and rules that know all of their colours."""

    pixels: list[Pixel]
    meta: CanvasMeta


class Drawn(NamedTuple):
    """A placement by its seq, its cell and its palette index."""

    seq: int
    x: int
    y: int
    color: int


class Spot(NamedTuple):
    """A placement by its seq, and its cell."""

    seq: int
    x: int
    y: int


def head(slug: str) -> Head:
    """Return the head of one canvas; raise UnknownCanvas."""
    found = heads([slug])
    if not found:
        raise UnknownCanvas(slug)
    return found[slug]


def heads(slugs: Iterable[str]) -> dict[str, Head]:
    """Return the heads of those canvases that exist, by slug."""
    canvases = Canvas.objects.filter(slug__in=[slug for slug in slugs if parsing.is_slug(slug)])
    return {canvas.slug: Head(canvas.meta(), canvas.seq) for canvas in canvases}


def compared(seqs: Mapping[str, int]) -> dict[str, Compared]:
    """Return the heads of those canvases that exist, each compared with its newest row, and the
    placement of a seq of each.

    The heads and newest rows are one statement: a commit in between would look like a fault.
    """
    newest = Placement.objects.filter(canvas=OuterRef("pk")).order_by("-seq").values("seq")[:1]
    canvases = list(Canvas.objects.filter(slug__in=list(seqs)).annotate(newest=Subquery(newest)))
    at = _placements_at({canvas.pk: seqs[canvas.slug] for canvas in canvases})
    return {
        canvas.slug: Compared(
            Head(canvas.meta(), canvas.seq),
            fault_at_end(canvas.seq, canvas.newest or 0),
            at.get(canvas.pk),
        )
        for canvas in canvases
    }


def _placements_at(seqs: Mapping[int, int]) -> dict[int, Pixel]:
    """Return the placement of a seq of each canvas, by its number."""
    if not seqs:
        return {}
    wanted = reduce(or_, (Q(canvas_id=pk, seq=seq) for pk, seq in seqs.items()))
    rows = Placement.objects.filter(wanted).values_list("canvas_id", *PIXEL)
    return {pk: _pixel(row) for pk, *row in rows}


def pixel_at(canvas_id: int, seq: int) -> Pixel | None:
    """Return the placement of a seq."""
    return _placements_at({canvas_id: seq}).get(canvas_id)


def pixels_after(meta: CanvasMeta, seq: int, limit: int) -> list[Pixel]:
    """Return the placements that follow `seq`, in order, at most `limit`."""
    rows = Placement.objects.filter(canvas_id=meta.id, seq__gt=seq).order_by("seq")
    return _pixels(rows, limit)


def page_after(meta: CanvasMeta, seq: int) -> Page | None:
    """Return at most `fold.PAGE` placements after `seq`, or None; by one query under these rules.

    The revision comes with the rows. Only where it is another one the rules are read, after them.
    """
    rows = Placement.objects.filter(canvas_id=meta.id, seq__gt=seq).order_by("seq")
    revision = Canvas.objects.filter(pk=meta.id).values("revision")
    found = list(rows.values_list(*PIXEL, Subquery(revision))[: fold.PAGE])
    if not found:
        return None
    rules = meta if found[-1][-1] == meta.revision else head(meta.slug).meta
    return Page([_pixel(row[:-1]) for row in found], rules)


def cell_history(
    meta: CanvasMeta, x: int, y: int, limit: int, until: int | None = None
) -> list[Pixel]:
    """Return the placements on one cell up to a seq, newest first, at most `limit`."""
    rows = Placement.objects.filter(canvas_id=meta.id, x=x, y=y).order_by("-seq")
    if until is not None:
        rows = rows.filter(seq__lte=until)
    return _pixels(rows, limit)


def newest_of(meta: CanvasMeta, seqs: Collection[int]) -> set[Spot]:
    """Return those of these placements that are the newest on their cells."""
    if not seqs:
        return set()
    later = Placement.objects.filter(
        canvas=OuterRef("canvas"), x=OuterRef("x"), y=OuterRef("y"), seq__gt=OuterRef("seq")
    )
    rows = Placement.objects.filter(~Exists(later), canvas_id=meta.id, seq__in=seqs)
    return {Spot(*row) for row in rows.values_list("seq", "x", "y")}


def clock(meta: CanvasMeta) -> int:
    """Return the time by the database's clock, in ms since 1970."""
    rows = Canvas.objects.filter(pk=meta.id).annotate(now=Now())
    return milliseconds(rows.values_list("now", flat=True).get())


def actor_at(meta: CanvasMeta, x: int, y: int) -> str | None:
    """Return the actor of the newest placement on one cell, or None."""
    rows = Placement.objects.filter(canvas_id=meta.id, x=x, y=y).order_by("-seq")
    return rows.values_list("actor", flat=True).first()


def seq_at(meta: CanvasMeta, moment: datetime, last: int | None = None) -> int:
    """Return the seq of the newest placement made at or before a moment, 0 where there is none.

    Found by halves among the seqs up to `last`, or to the newest: their times never fall. Of 100
    million rows it looks at 27.
    """
    if last is None:
        last = Canvas.objects.values_list("seq", flat=True).get(pk=meta.id)
    rows = Placement.objects.filter(canvas_id=meta.id).order_by("seq")
    seqs = range(1, last + 1)

    def is_after(seq: int) -> bool:
        placed_at = rows.filter(seq__gte=seq).values_list("placed_at", flat=True).first()
        return placed_at is None or placed_at > moment

    return bisect_left(seqs, True, key=is_after)


PIXEL = ("seq", "x", "y", "color", NAME, "placed_at")  # the columns of one


def _pixels(rows: QuerySet[Placement], limit: int) -> list[Pixel]:
    return [_pixel(row) for row in rows.values_list(*PIXEL)[:limit]]


def _pixel(row: Sequence[Any]) -> Pixel:
    seq, x, y, color, username, placed_at = row
    return Pixel(seq, x, y, color, username, milliseconds(placed_at))


def pixel_of(row: Placement | Row) -> Pixel:
    when = milliseconds(row.placed_at)
    return Pixel(row.seq, row.x, row.y, row.color, row.username, when)


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
