"""The stored tip of a canvas in memory, proven and read as `canvas.ledger.tip_copies` does."""

from contextlib import suppress
from datetime import datetime

from canvas.domain.board import Board
from canvas.domain.rules import CanvasMeta
from canvas.ledger import boards, proof, tip_copies, tips
from canvas.ledger.proof import Unproven
from canvas.ledger.tip_copies import TipCopy
from canvas.ledger.tips import TipState
from canvas.models import Tip
from canvas.protocol.signatures import signer


def stored(meta: CanvasMeta, board: Board, now: datetime) -> Tip:
    """Return the tip that is stored of a board, under the rules that hold after its seq."""
    packed = proof.pack(board.cells, boards.QUICK)
    return Tip(canvas_id=meta.id, **boards.fields_of(board, meta.revision, packed), stored_at=now)


def is_due(tip: Tip | None, head: int, now: datetime) -> bool:
    state = TipState(tip.seq, tip.stored_at, tip.size) if tip else None
    return tips.is_behind(head, state, now)


def copy_of(tip: Tip | None, meta: CanvasMeta) -> TipCopy | None:
    return tip_copies.copy_of(tip, meta, signer().site) if tip else None


def believed(
    tip: Tip | None, copy: TipCopy | None, meta: CanvasMeta, until: int
) -> tuple[Board | None, bool]:
    """Return the board of a tip at or before `until`, and whether its cells are those of the copy.

    There is no board where the tip's cells are not what its hash is of.
    """
    if tip is None:
        return None, False
    copied = None
    if copy is not None and tip_copies.is_of(copy, meta, tip):
        copied = _cells(_with(tip, copy.cells))
    cells = _cells(tip) if copied is None else copied
    board = Board(*tip.area, tip.seq, cells) if cells is not None and tip.seq <= until else None
    return board, copied is not None


def spoiled(tip: Tip | None) -> Tip | None:
    """Return a tip with other cells, and the hash of before."""
    if tip is None:
        return None
    cells = bytes([3]) * (tip.width * tip.height)
    return _with(tip, proof.pack(cells, boards.QUICK))


def _cells(tip: Tip) -> bytes | None:
    """Return the cells of a tip; None where they are not those of its hash."""
    with suppress(Unproven):
        return boards.cells_of(tip)
    return None


def _with(tip: Tip, packed: bytes) -> Tip:
    fields = {each.attname: getattr(tip, each.attname) for each in tip._meta.concrete_fields}
    return Tip(**{**fields, "cells": packed})
