"""The open segment: what follows the last sealed one, in the same format."""

from canvas.domain.board import Board
from canvas.ledger import keyframes, revisions, segments
from canvas.ledger.reads import Head
from canvas.ledger.sealing import Link, read_content
from canvas.ledger.segment_format import NO_SEGMENT, Content


def read_open(head: Head) -> Content:
    """Read what is not sealed yet, at most a segment; raise Hole."""
    link = _link(head)
    return read_content(head.meta, link, min(head.seq, link.seq + segments.SIZE))


def _link(head: Head) -> Link:
    """Return the link after the last segment, of what is stored: no board is folded for it."""
    # One that was sealed since the head was read has placements that follow it.
    known = segments.of(head.meta).filter(first_seq__lte=head.seq - segments.SIZE + 1)
    last = known.defer("content").last()
    end = last.last_seq if last else 0
    rules = revisions.meta_at(head.meta, end)
    resized = keyframes.at(head.meta, end)
    if last is None:
        board = resized.sha256 if resized else Board(rules.width, rules.height).sha256()
        return Link(0, 0, rules.epoch, board, NO_SEGMENT.hex())
    board = resized.sha256 if resized else last.board_after
    return Link(end, last.placed_to, rules.epoch, board, last.sha256)
