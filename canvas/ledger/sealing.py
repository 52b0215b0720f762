"""Sealing: full segments of the ledger, one after the other, from the last that is believed."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import transaction

from canvas.domain.rules import CanvasMeta
from canvas.ledger import keyframes, reads, rows, segments, tips
from canvas.ledger.fold import Fold
from canvas.ledger.segment_format import NO_SEGMENT, Content, Header, rising
from canvas.models import Segment

FAR_BEHIND = 16  # segments, a million rows: folding them takes a pod several seconds


def seal(slug: str) -> Iterator[Segment]:
    """Seal what is full, and yield each segment as soon as it is stored.

    Two that do so at once store the same bytes. Raise UnknownCanvas; Hole where a row is missing.
    """
    head = reads.head(slug)
    last = segments.newest(head.meta)
    end = last.last_seq if last else 0
    if end + segments.SIZE > head.seq:
        return
    fold = tips.load_fold(head.meta, end)
    while fold.seq + segments.SIZE <= head.seq:
        with transaction.atomic():
            last = _seal_next(head.meta, fold, last)
        yield last


def _seal_next(meta: CanvasMeta, fold: Fold, last: Segment | None) -> Segment:
    """Seal the segment that follows the fold's board, and bring the fold to its end."""
    fold.settle(fold.seq)
    keyframes.store_due(fold)
    content = read_content(meta, link_after(fold, last), fold.seq + segments.SIZE)
    fold.take(content.columns)
    return segments.store(meta, content, fold.board)


class Link(NamedTuple):
    """The end of the segment before: seq, time, epoch, and two hashes in hex."""

    seq: int
    ms: int
    epoch: int
    board: str
    segment: str


def link_after(fold: Fold, last: Segment | None) -> Link:
    """Return the link from a fold that is at the end of a segment, with all revisions there."""
    seq, epoch, board = fold.seq, fold.rules.epoch, fold.board.sha256()
    if last is None:
        return Link(seq, 0, epoch, board, NO_SEGMENT.hex())
    return Link(seq, last.placed_to, epoch, board, last.sha256)


def read_content(meta: CanvasMeta, link: Link, until: int) -> Content:
    """Read what follows a segment, up to `until`; raise Hole."""
    found = rows.read(meta, link.seq, until)
    times = rising(found.times, link.ms)
    header = Header(
        first_seq=link.seq + 1,
        first_ms=times[0] if times else link.ms,
        epoch=link.epoch,
        board_before=bytes.fromhex(link.board),
        segment_before=bytes.fromhex(link.segment),
    )
    return Content(header, found.columns, times, found.flags)


def is_far_behind(slug: str) -> bool:
    """Tell whether so much can be sealed that a pod would be slow to start."""
    meta, seq = reads.head(slug)
    end = segments.end(meta)
    if seq - end <= FAR_BEHIND * segments.SIZE:
        return False
    return rows.count(meta, end, end + segments.SIZE) == segments.SIZE
