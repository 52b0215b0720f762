"""The lists of what is sealed of a canvas, and of the sizes and palettes that it has had."""

from canvas.domain.rules import CanvasMeta
from canvas.http import shapes
from canvas.ledger import keyframes, revisions, segments
from canvas.ledger.reads import milliseconds

MAX_SEGMENTS = 4096  # in one answer: 268 million placements, 1 MB


def list_revisions(meta: CanvasMeta) -> list[shapes.Revision]:
    """Return the revisions that look another way than the one before, the oldest first."""
    listed: list[shapes.Revision] = []
    for seq, at, rules in revisions.dated(meta):
        revision: shapes.Revision = {
            "revision": rules.revision,
            "seq": seq,
            "at": None if at is None else milliseconds(at),
            "epoch": rules.epoch,
            "width": rules.width,
            "height": rules.height,
            "palette": list(rules.palette),
        }
        if not listed or looks(listed[-1]) != looks(revision):
            listed.append(revision)
    return listed


def looks(revision: shapes.Revision) -> tuple[int, int, int, list[str]]:
    return revision["epoch"], revision["width"], revision["height"], revision["palette"]


def list_redactions(meta: CanvasMeta) -> list[shapes.Redaction]:
    return [
        {
            "x": each.x,
            "y": each.y,
            "width": each.width,
            "height": each.height,
            "first_seq": each.first_seq,
            "last_seq": each.last_seq,
        }
        for each in meta.redacted
    ]


def list_segments(meta: CanvasMeta, since: int, limit: int) -> list[shapes.Segment]:
    """Return the segments after a seq, at most `limit`."""
    rows = segments.of(meta).filter(first_seq__gt=since)
    found = list(rows.defer("content")[:limit])
    boards = keyframes_before([row.first_seq for row in found], meta)
    return [
        {
            "first_seq": row.first_seq,
            "count": row.count,
            "placed_from": row.placed_from,
            "placed_to": row.placed_to,
            "bytes": row.size,
            "sha256": row.sha256,
            "keyframe": boards.get(row.first_seq),
            "moderated": row.moderated,
        }
        for row in found
    ]


def keyframes_before(first_seqs: list[int], meta: CanvasMeta) -> dict[int, str]:
    """Return the hashes of the boards before segments, by first seq, with the newest rules."""
    if not first_seqs:
        return {}
    ends = first_seqs[0] - 1, first_seqs[-1] - 1
    rows = keyframes.between_segments(meta).filter(seq__range=ends).order_by("seq", "revision")
    return {seq + 1: sha256 for seq, sha256 in rows.values_list("seq", "sha256")}
