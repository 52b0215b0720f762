"""Tips: one stored board a canvas, near its newest placement, from which every start begins."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models.functions import Now

from canvas.domain.board import Board
from canvas.domain.rules import CanvasMeta
from canvas.ledger import boards, proof, rows, segments
from canvas.ledger.faults import Hole, LedgerFault
from canvas.ledger.fold import Fold
from canvas.models import Canvas, Tip

# A tip is at most 50,000 rows or 10 minutes behind; these leave time to look and to write.
MAX_BEHIND = 45_000  # rows
MAX_AGE = timedelta(minutes=9)
# Packed bytes, beyond which a tip is renewed by rows alone: PostgreSQL logs it twice.
LARGE = 4 * 1024 * 1024


class TipState(NamedTuple):
    """The columns of a stored tip that tell how far it is behind; `size` in bytes."""

    seq: int
    stored_at: datetime
    size: int


def load(meta: CanvasMeta, until: int | None = None) -> Board:
    """Return the board at `until`, or now, as the ledger tells it under these rules; raise Hole."""
    return load_fold(meta, until).board


def load_whole(meta: CanvasMeta, until: int, tip: Tip | None) -> tuple[Board, LedgerFault | None]:
    """Return the board at `until`; in a damaged ledger the one before its fault, and the fault.

    `tip` is the tip where it has been read already. The board has the size of these rules, also
    where the ledger ends before their resize, as that of a canvas whose row was set back does.
    """
    fault = None
    try:
        board = load_fold(meta, until, tip).board
    except LedgerFault as found:
        fault = found
        board = load_fold(meta, fault.first - 1, tip).board
    if board.size != (meta.width, meta.height):
        board.resize(meta.width, meta.height)
    return board, fault


def load_fold(meta: CanvasMeta, until: int | None = None, tip: Tip | None = None) -> Fold:
    """Fold from the nearest stored board that is believed, or from the beginning; raise Hole."""
    head = _head(meta)
    end = head if until is None else until
    if end >= head:
        boards.reject_ahead(meta, head)
    stored = (boards.believed(meta, each) for each in boards.candidates(meta, min(end, head), tip))
    fold = next((each for each in stored if each is not None), None) or Fold(meta)
    advance(fold, min(end, head))
    return fold


def advance(fold: Fold, until: int) -> None:
    """Bring a fold to `until`, by segments where they are sealed and by rows elsewhere.

    Raise Hole where a row is missing.
    """
    for columns in segments.columns_between(fold.meta, fold.seq, until):
        rows.check_whole(columns.seqs, fold.seq)
        fold.take(columns)
    if fold.seq < until:
        raise Hole(fold.seq + 1, until)
    fold.settle(until)


def is_due(meta: CanvasMeta) -> bool:
    """Tell whether the tip of a canvas is too far behind, by the database's clock."""
    tip = Tip.objects.filter(canvas_id=meta.id).annotate(now=Now())
    *state, now = tip.values_list(*TipState._fields, "now").first() or (None,)
    return is_behind(_head(meta), TipState(*state) if state else None, now)


def is_behind(head: int, tip: TipState | None, now: datetime | None) -> bool:
    """Tell whether a tip, None for none, is too far behind the newest seq."""
    if tip is None or now is None:
        return head > 0
    behind = head - tip.seq
    is_old = tip.size <= LARGE and now - tip.stored_at >= MAX_AGE
    return behind < 0 or behind >= MAX_BEHIND or (behind > 0 and is_old)


def renew(meta: CanvasMeta) -> Tip:
    """Put the board of now in place of the tip, folded in one transaction; return it."""
    with transaction.atomic():
        fold = load_fold(meta)
        packed = proof.pack(fold.board.cells, boards.QUICK)
        fields = boards.fields_of(fold.board, fold.rules.revision, packed)
        defaults = {**fields, "stored_at": Now()}
        tip, _created = Tip.objects.update_or_create(canvas_id=meta.id, defaults=defaults)
    return tip


def _head(meta: CanvasMeta) -> int:
    return Canvas.objects.filter(pk=meta.id).values_list("seq", flat=True).first() or 0
