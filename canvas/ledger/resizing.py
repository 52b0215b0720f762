"""Resizing: the board under its new size is stored in the transaction that changes the size."""

from canvas.domain.rules import CanvasMeta
from canvas.ledger import boards, keyframes, locking, reads, tips
from canvas.ledger.fold import Fold

PAUSE = 15.0  # seconds in which 16 million cells are cropped and packed, under the lock


def read_ahead(slug: str) -> Fold:
    """Read the newest board before its canvas is locked: that takes long."""
    head = reads.head(slug)
    return tips.load_fold(head.meta, head.seq)


def store(meta: CanvasMeta, seq: int, ahead: Fold) -> None:
    """Crop or pad the board of a locked canvas under its new rules, and store it as a keyframe.

    Only what was placed since `ahead` was read is read under the lock.
    """
    locking.allow_pause(PAUSE)
    fold = Fold(meta, ahead.board, ahead.rules.revision)
    tips.advance(fold, seq)
    keyframes.store(fold, level=boards.QUICK)
