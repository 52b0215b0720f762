"""Pixels: placed by people, and drawn for moderation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple

from django.db import DatabaseError, transaction

from canvas import signals
from canvas.domain.rules import CanvasMeta
from canvas.ledger import (
    deciding,
    facts,
    forgetting,
    inserts,
    locking,
    moments,
    placing,
    reads,
    withheld,
)
from canvas.ledger.inserts import Additions, Row, Write
from canvas.ledger.placing import Order, Placed
from canvas.models import Canvas
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


class Unwritten(DatabaseError):
    """A transaction that has failed between its lock and its writes: the ledger has none of it."""


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
    try:
        found = facts.read([(canvas, placing.question_of(orders)) for canvas, orders in batches])
    except DatabaseError as error:
        raise Unwritten from error
    decisions = [
        deciding.decide(facts, orders) for facts, (_, orders) in zip(found, batches, strict=True)
    ]
    writes = [
        Write(canvas, decision.additions, facts.moment.clock, facts.moment.newest)
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
        _append([Write(canvas, Additions(rows), moment.clock, moment.newest)])
    return len(rows)


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
    for canvas, additions, _clock, newest in needed:
        if additions.rows:
            transaction.on_commit(partial(_tell, canvas.meta(), additions.rows, newest))


def _adds(write: Write) -> bool:
    additions = write.additions
    is_behind = write.clock.is_behind(write.canvas.clock_source)
    return bool(additions.rows or additions.spent or is_behind)


def _tell(meta: CanvasMeta, rows: Sequence[Row], newest: datetime | None) -> None:
    """Send the signal; a receiver that fails does not undo what is committed."""
    pixels = [reads.pixel_of(row) for row in rows]
    after = None if newest is None else reads.milliseconds(newest)
    signals.committed.send_robust(place, meta=meta, pixels=pixels, after=after)


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
