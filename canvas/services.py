"""The services: the only writer of the canvas, for every change of a pixel or a rule."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.db import transaction

from canvas import signals
from canvas.domain import rules
from canvas.domain.errors import Outdated
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.ledger import (
    deciding,
    facts,
    forgetting,
    inserts,
    loading,
    locking,
    moments,
    placing,
    reads,
    resizing,
    revisions,
    withheld,
)
from canvas.ledger.inserts import Additions, Row, Write
from canvas.ledger.loading import PastRules
from canvas.ledger.placing import Order, Placed
from canvas.models import Canvas, new_epoch
from runtime.errors import Refused


@dataclass(frozen=True, slots=True)
class Cell:
    """A pixel that moderation draws; `restores` is the seq of the placement that it brings back."""

    x: int
    y: int
    color: int
    username: str
    restores: int | None = None


class Batch(NamedTuple):
    """The orders of one transaction on one canvas."""

    slug: str
    orders: Sequence[Order]


Answers = list[Placed | Refused]  # one an order, in their order

MAX_OVERWRITTEN = 2000  # cells a transaction: other placements wait 0.25 s for it


def place(slug: str, orders: Sequence[Order]) -> Answers:
    """Place a batch of pixels in one transaction; one answer an order, in their order.

    Raise UnknownCanvas when there is no such canvas. A refused order does not keep the others
    from being placed. After the commit `signals.committed` carries the new pixels.
    """
    with locking.frame() as frame:
        canvas = locking.lock(slug, frame.begin)
        return _place([(canvas, orders)], frame.commit)[0]


def place_together(batches: Sequence[Batch]) -> list[Answers | None]:
    """Place batches of several canvases in one transaction; return their answers in their order.

    None for a canvas whose row another transaction holds, and for one that is not there: those of
    the others do not wait for it.
    """
    with locking.frame() as frame:
        free = locking.lock_free([batch.slug for batch in batches], frame.begin)
        mine = [(free[batch.slug], batch.orders) for batch in batches if batch.slug in free]
        answers = iter(_place(mine, frame.commit) if mine else ())
    return [next(answers) if batch.slug in free else None for batch in batches]


def _place(batches: Sequence[tuple[Canvas, Sequence[Order]]], commit: str) -> list[Answers]:
    """Decide about orders on locked canvases, and write what they add."""
    found = facts.read([(canvas, placing.question_of(orders)) for canvas, orders in batches])
    decisions = [
        deciding.decide(facts, orders) for facts, (_, orders) in zip(found, batches, strict=True)
    ]
    writes = [
        Write(canvas, decision.additions, facts.moment.clock)
        for (canvas, _), facts, decision in zip(batches, found, decisions, strict=True)
    ]
    _append(writes, commit)
    for decision in decisions:
        if decision.withheld:
            transaction.on_commit(partial(withheld.told.remember, decision.withheld))
    return [decision.answers for decision in decisions]


def overwrite(slug: str, actor: str, plan: Callable[[CanvasMeta, int], Sequence[Cell]]) -> int:
    """Draw for moderation, regardless of cooldown, protection and freezing; return how many pixels.

    `plan` is called under the canvas lock, with the seq of the newest placement, and returns at
    most MAX_OVERWRITTEN cells of the board. In place of a retired colour its stand-in is drawn.
    Raise UnknownCanvas. After the commit `signals.committed` carries the new pixels.
    """
    with transaction.atomic():
        canvas = locking.lock(slug)
        meta = canvas.meta()
        cells = plan(meta, canvas.seq)
        if len(cells) > MAX_OVERWRITTEN:
            raise ValueError(f"{len(cells)} cells are too many for one transaction")
        moment = moments.read(canvas)
        rows = [
            _overwriting(meta, actor, moment.placed_at, seq, cell)
            for seq, cell in enumerate(cells, canvas.seq + 1)
        ]
        _append([Write(canvas, Additions(rows), moment.clock)])
    return len(rows)


def configure(
    slug: str,
    changes: Mapping[str, Any],
    *,
    expected: Mapping[str, Any] | None = None,
    made_from: int | None = None,
) -> CanvasMeta:
    """Change rules of a canvas, by column, and raise its revision; tell after the commit.

    Raise UnknownCanvas; Invalid for rules that cannot be; Outdated where a column has another
    value than `expected`, or where any has changed since the revision `made_from`. With another
    size the board is cropped or padded, and stored, in the same transaction.
    """
    ahead = resizing.read_ahead(slug) if _may_resize(slug, changes) else None
    with transaction.atomic():
        canvas = locking.lock(slug)
        _check_present(canvas, expected or {}, made_from)
        now, before = moments.read(canvas).now, canvas.meta()
        revisions.record_first(canvas, now)
        for column, value in changes.items():
            setattr(canvas, column, value)
        rules.check_palette(canvas.palette)
        rules.check_palette_change(before.palette, canvas.palette)
        rules.check_retired(canvas.palette, canvas.retired)
        rules.check_protected(canvas.protected)
        rules.check_redacted(canvas.redacted)
        is_resized = (canvas.width, canvas.height) != (before.width, before.height)
        if is_resized:
            canvas.epoch = new_epoch()
        _revise(canvas, now)
        if is_resized:
            resizing.store(canvas.meta(), canvas.seq, ahead or resizing.read_ahead(slug))
    return canvas.meta()


def load(slug: str, past: Sequence[PastRules], write: Callable[[Canvas], None]) -> CanvasMeta:
    """Make a canvas with a past that was written elsewhere, or nothing, in one transaction.

    `past` are its rules from the first to today's; `write` appends the placements with a function
    of `canvas.ledger.loading`. Raise Invalid where the slug has placements already.
    """
    with transaction.atomic():
        canvas = loading.found(slug, past)
        write(canvas)
        meta, seq = canvas.meta(), canvas.seq
        transaction.on_commit(lambda: signals.changed.send_robust(configure, meta=meta, seq=seq))
    return meta


def renew_epoch(slug: str, known: int | None = None) -> CanvasMeta:
    """Give a canvas another past: every client fetches its board anew.

    With `known` only in place of that epoch, so that of several pods that find out at once the
    first one does it. Raise UnknownCanvas.
    """
    with transaction.atomic():
        canvas = locking.lock(slug)
        if known is None or canvas.epoch == known:
            _renew_epoch(canvas)
    return canvas.meta()


def settle_ahead(slug: str, known: int, seq: int, seen: Pixel | None = None) -> CanvasMeta:
    """Renew the epoch of a canvas whose ledger ends before `seq`, which a pod has seen.

    Or of one that has another placement there than the one `seen`: the ledger was restored from a
    backup, or a failover lost its end, and it may have grown since. What clients know of the lost
    placements must not be continued. The rows are looked at again under the lock, on a database
    that can be written to; nothing happens where the ledger has what was seen after all, or where
    the epoch is not the `known` one any more. Raise UnknownCanvas, DatabaseError.
    """
    with transaction.atomic():
        canvas = locking.lock(slug)
        if canvas.epoch == known and (canvas.seq < seq or _is_other(canvas, seen)):
            _renew_epoch(canvas)
    return canvas.meta()


def _is_other(canvas: Canvas, seen: Pixel | None) -> bool:
    """Tell whether the ledger has another placement under the seq of this one."""
    if seen is None:
        return False
    found = reads.pixel_at(canvas.pk, seen.seq)
    return found is not None and not found.is_same(seen)


def _renew_epoch(canvas: Canvas) -> None:
    """Give a locked canvas another past."""
    now = moments.read(canvas).now
    revisions.record_first(canvas, now)
    canvas.epoch = new_epoch()
    _revise(canvas, now)


def _may_resize(slug: str, changes: Mapping[str, Any]) -> bool:
    """Tell whether these changes are of the size, as far as one can see without a lock."""
    size = {column: changes[column] for column in ("width", "height") if column in changes}
    if not size:
        return False
    meta = reads.head(slug).meta
    return any(getattr(meta, column) != value for column, value in size.items())


def _check_present(canvas: Canvas, expected: Mapping[str, Any], made_from: int | None) -> None:
    """Raise Outdated for a change that was made from former rules."""
    outdated = [column for column, value in expected.items() if getattr(canvas, column) != value]
    if made_from is not None and made_from != canvas.revision:
        outdated += revisions.changed_since(canvas, made_from)
    if outdated:
        raise Outdated(*outdated)


def _revise(canvas: Canvas, now: datetime) -> None:
    """Save the changed rules of a locked canvas as its next revision."""
    canvas.revision += 1
    canvas.save(update_fields=[*canvas.rule_columns(), "revision"])
    revisions.record(canvas, now)
    meta, seq = canvas.meta(), canvas.seq
    transaction.on_commit(lambda: signals.changed.send_robust(configure, meta=meta, seq=seq))


def on_leaving(*, person: str, **_: object) -> None:
    """Have the name forgotten, as soon as the transaction that deletes the account commits."""
    forgetting.begin(person)


def _append(writes: Sequence[Write], commit: str = "") -> None:
    """Append rows, whose seqs follow those of their locked canvases, to their ledgers.

    Where there are none, charges may be spent all the same, by people on the shadow list; and the
    clock is written if its source was set back: it goes on from there.
    """
    needed = [write for write in writes if _adds(write)]
    if needed:
        inserts.write(needed, commit)
    for canvas, additions, _clock in needed:
        if additions.rows:
            transaction.on_commit(partial(_tell, canvas.meta(), additions.rows))


def _adds(write: Write) -> bool:
    additions = write.additions
    is_behind = write.clock.is_behind(write.canvas.clock_source)
    return bool(additions.rows or additions.spent or is_behind)


def _tell(meta: CanvasMeta, rows: Sequence[Row]) -> None:
    """Send the signal; a receiver that fails does not undo what is committed."""
    pixels = [reads.pixel_of(row) for row in rows]
    signals.committed.send_robust(place, meta=meta, pixels=pixels)


def _overwriting(meta: CanvasMeta, actor: str, now: datetime, seq: int, cell: Cell) -> Row:
    if not (0 <= cell.x < meta.width and 0 <= cell.y < meta.height):
        raise ValueError(f"{cell} is not on the board")
    if not 0 <= cell.color < len(meta.palette):
        raise ValueError(f"{cell} has a colour that is not in the palette")
    return Row(
        canvas_id=meta.id,
        seq=seq,
        x=cell.x,
        y=cell.y,
        color=meta.stand_ins.get(cell.color, cell.color),
        actor=actor,
        username=cell.username,
        restores=cell.restores,
        placed_at=now,
    )
