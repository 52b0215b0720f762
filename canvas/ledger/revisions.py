"""The rules of a canvas at any moment of its past."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from canvas.domain.rules import CanvasMeta
from canvas.models import Canvas, CanvasRevision


def record(canvas: Canvas, at: datetime, seq: int | None = None) -> None:
    """Write down the rules of a canvas row, from its newest placement on, or from `seq` on."""
    CanvasRevision.objects.create(
        canvas=canvas,
        revision=canvas.revision,
        seq=canvas.seq if seq is None else seq,
        at=at,
        rules=canvas.rule_values(),
    )


def record_first(canvas: Canvas, at: datetime) -> None:
    """Write down the rules that have held from the beginning, where no revision is known."""
    if not CanvasRevision.objects.filter(canvas=canvas).exists():
        record(canvas, at, seq=0)


def changed_since(canvas: Canvas, revision: int) -> list[str]:
    """Return the columns whose value is another one than at that revision.

    All of them where the revision is not known.
    """
    then = CanvasRevision.objects.filter(canvas=canvas, revision=revision).first()
    now = canvas.rule_values()
    if then is None:
        return [] if revision == canvas.revision else list(now)
    return [column for column, value in now.items() if then.rules.get(column, value) != value]


class Ruled(NamedTuple):
    """Rules that hold for placements above `seq`, and since when: None where that is not known."""

    seq: int
    at: datetime | None
    meta: CanvasMeta


def metas(meta: CanvasMeta) -> Sequence[tuple[int, CanvasMeta]]:
    """Return (seq, rules) of each revision of a canvas, as `dated` does."""
    return [(each.seq, each.meta) for each in dated(meta)]


def dated(meta: CanvasMeta) -> Sequence[Ruled]:
    """Return the rules of each revision of a canvas, oldest first.

    Before the first one the oldest rules hold; without any, those of today.
    """
    rows = CanvasRevision.objects.filter(canvas_id=meta.id).order_by("revision")
    return [Ruled(row.seq, row.at, _meta(meta, row)) for row in rows] or [Ruled(0, None, meta)]


def meta_at(meta: CanvasMeta, seq: int) -> CanvasMeta:
    """Return the rules that held for the board at `seq`, with the changes made at that seq."""
    rows = CanvasRevision.objects.filter(canvas_id=meta.id)
    row = (
        rows.filter(seq__lte=seq).order_by("-revision").first() or rows.order_by("revision").first()
    )
    return meta if row is None else _meta(meta, row)


class Change(NamedTuple):
    """The size of the board and the past that it is of, from `seq` on."""

    revision: int
    seq: int
    width: int
    height: int
    epoch: int


def changes(meta: CanvasMeta, first: int = 0) -> list[Change]:
    """Return the revisions from `first` up to the one of these rules, oldest first.

    There is one at least: the rules that hold where none are known.
    """
    rows = CanvasRevision.objects.filter(
        canvas_id=meta.id, revision__gte=first, revision__lte=meta.revision
    ).order_by("revision")
    fields = rows.values_list("revision", "seq", "rules__width", "rules__height", "rules__epoch")
    today = Change(meta.revision, 0, meta.width, meta.height, meta.epoch)
    return [Change(*row) for row in fields] or [today]


def cuts(meta: CanvasMeta) -> list[Change]:
    """Return the resizes that cut off cells which are on the board again, the newest first.

    What was placed up to the seq of one, in a column or row beyond its size, is gone. One that cut
    off no more than a later one is left out.
    """
    found: list[Change] = []
    smallest = [(meta.width, meta.height)]
    for change in reversed(changes(meta)):
        if not any(w <= change.width and h <= change.height for w, h in smallest):
            smallest.append((change.width, change.height))
            found.append(change)
    return found


def is_cut_off(meta: CanvasMeta, x: int, y: int, seq: int) -> bool:
    """Tell whether what was placed on a cell at a seq has been cut off since."""
    return any(seq <= cut.seq and (x >= cut.width or y >= cut.height) for cut in cuts(meta))


def _meta(meta: CanvasMeta, row: CanvasRevision) -> CanvasMeta:
    past = Canvas(pk=meta.id, slug=meta.slug, revision=row.revision, **row.rules)
    return past.meta()
