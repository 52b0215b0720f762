"""Stored boards: written whole, and believed only when they prove themselves."""

from collections.abc import Iterator, Mapping
from typing import Any, TypedDict

from django.db.models import Q

from canvas.domain.board import Board
from canvas.domain.rules import CanvasMeta
from canvas.ledger import proof
from canvas.ledger.fold import Fold
from canvas.ledger.proof import Unproven
from canvas.models import CanvasRevision, Keyframe, StoredBoard, Tip

QUICK = 1  # level of gzip where a person waits: a third of the time of 6, a tenth larger


class BoardFields(TypedDict):
    """The columns of a stored board."""

    seq: int
    revision: int
    width: int
    height: int
    sha256: str
    size: int
    cells: bytes


def fields_of(board: Board, revision: int, packed: bytes) -> BoardFields:
    """Return what is stored of a board, packed already, and of the revision after its seq."""
    return {
        "seq": board.seq,
        "revision": revision,
        "width": board.width,
        "height": board.height,
        "sha256": board.sha256(),
        "size": len(packed),
        "cells": packed,
    }


def candidates(meta: CanvasMeta, until: int, tip: Tip | None = None) -> Iterator[Keyframe | Tip]:
    """Yield stored boards at or before `until` and of these rules, the newest first.

    `tip` is the tip where it has been read already.
    """
    known = {"canvas_id": meta.id, "seq__lte": until, "revision__lte": meta.revision}
    if tip is None:
        tip = Tip.objects.filter(**known).first()
    elif tip.seq > until or tip.revision > meta.revision:
        tip = None
    for keyframe in _keyframes(known):
        if tip is not None and (tip.seq, tip.revision) >= (keyframe.seq, keyframe.revision):
            yield tip
            tip = None
        yield keyframe
    if tip is not None:
        yield tip


def _keyframes(known: Mapping[str, Any]) -> Iterator[Keyframe]:
    """Yield the newest keyframe, then the one before it. Cells are read when they are used."""
    rows = Keyframe.objects.filter(**known).defer("cells").order_by("-seq", "-revision")
    while (keyframe := rows.first()) is not None:
        yield keyframe
        same_seq = Q(seq=keyframe.seq, revision__lt=keyframe.revision)
        rows = rows.filter(Q(seq__lt=keyframe.seq) | same_seq)


def reject_ahead(meta: CanvasMeta, head: int) -> None:
    """Raise the alarm for boards of seqs that the ledger has not reached."""
    ahead = {"canvas_id": meta.id, "seq__gt": head}
    for table in (Tip, Keyframe):
        stored = table.objects.filter(**ahead).defer("cells").first()
        if stored is not None:
            proof.reject(stored.kind, stored, f"the ledger ends at {head}")


def believed(meta: CanvasMeta, stored: Keyframe | Tip) -> Fold | None:
    """Return the fold that goes on from a stored board; raise the alarm for an unproven one."""
    try:
        _check_rules(meta, stored)
        return Fold(meta, Board(*stored.area, stored.seq, cells_of(stored)), stored.revision)
    except Unproven as reason:
        proof.reject(stored.kind, stored, reason)
        return None


def cells_of(stored: StoredBoard) -> bytes:
    """Return the cells that the hash is of; raise Unproven for others."""
    cells = proof.unpack(bytes(stored.cells), stored.sha256, stored.width * stored.height)
    if len(cells) != stored.width * stored.height:
        raise Unproven("its cells are not those of its size")
    return cells


def _check_rules(meta: CanvasMeta, stored: Keyframe | Tip) -> None:
    """Raise Unproven for rules that were not in force then, or another size than theirs."""
    revisions = CanvasRevision.objects.filter(canvas_id=meta.id)
    rules = revisions.filter(revision=stored.revision).first()
    if rules is None and (stored.revision != meta.revision or revisions.exists()):
        raise Unproven(f"there is no revision {stored.revision}")
    size = (rules.rules["width"], rules.rules["height"]) if rules else (meta.width, meta.height)
    if stored.area != size:
        raise Unproven(f"the board was {size[0]} x {size[1]} then")
    if rules and rules.seq > stored.seq:
        raise Unproven(f"revision {rules.revision} came after it, at {rules.seq}")
    if revisions.filter(revision__gt=stored.revision, seq__lt=stored.seq).exists():
        raise Unproven("there was a newer revision then")
