"""The stretches of a ledger from its beginning: each segment, and the rows that no segment has."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from canvas.domain.board import Board
from canvas.domain.columns import Columns
from canvas.domain.rules import CanvasMeta
from canvas.ledger import rows, segment_format, segments
from canvas.ledger.faults import Hole
from canvas.ledger.fold import Fold, pages
from canvas.ledger.proof import Unproven
from canvas.ledger.sealing import link_after, read_content
from canvas.ledger.segment_format import NO_SEGMENT
from canvas.models import Segment

NOTHING = Columns((), (), (), ())


@dataclass(frozen=True, slots=True)
class Stretch:
    """Placements that follow one another, and what is wrong with them."""

    source: str
    columns: Columns
    faults: list[str] = field(default_factory=list)
    segment: Segment | None = None

    def faults_at_end(self, board: Board) -> list[str]:
        """Return what is wrong, with the board in view to which it has led."""
        if self.segment is not None and self.segment.board_after != board.sha256():
            return [*self.faults, "the board after it is another one"]
        return self.faults


def stretches(fold: Fold, until: int, *, full: bool) -> Iterator[Stretch]:
    """Yield the ledger up to `until`; the fold must have drawn each before the next comes."""
    before: Segment | None = None
    for segment in segments.one_by_one(segments.of(fold.meta)):
        if fold.seq < segment.first_seq - 1:
            yield from _unsealed(fold.meta, fold.seq, min(until, segment.first_seq - 1))
        if segment.last_seq > until:
            yield Stretch(_name(segment), NOTHING, ["ahead of the ledger"])
            break
        fold.settle(fold.seq)
        yield _of(fold, segment, before, full=full)
        before = segment
    yield from _unsealed(fold.meta, fold.seq, until)


def _of(fold: Fold, segment: Segment, before: Segment | None, *, full: bool) -> Stretch:
    """Return a segment as a stretch; where it does not prove itself, the rows in its place."""
    name, faults = _name(segment), []
    try:
        content = segments.content_of(segment)
        header, columns = segment_format.decode_columns(content)
        if header.segment_before.hex() != (before.sha256 if before else NO_SEGMENT.hex()):
            faults.append("it names another segment before it")
        if header.board_before.hex() != fold.board.sha256():
            faults.append("it names another board before it")
        if header.epoch != fold.rules.epoch:
            faults.append("it names another epoch")
    except Unproven as reason:
        faults.append(str(reason))
        columns = _rows(fold.meta, segment)
    if full:
        faults += _against_rows(fold, segment, before)
    return Stretch(name, columns, faults, segment)


def _against_rows(fold: Fold, segment: Segment, before: Segment | None) -> list[str]:
    """Make the segment again, from the rows of the ledger."""
    try:
        content = read_content(fold.meta, link_after(fold, before), segment.last_seq)
    except Hole as hole:
        return [str(hole)]
    made = sha256(segment_format.encode(content)).hexdigest()
    return [] if made == segment.sha256 else ["the rows of the ledger tell another story"]


def _rows(meta: CanvasMeta, segment: Segment) -> Columns:
    """Return the rows of a segment, or nothing where one is missing."""
    try:
        return rows.read(meta, segment.first_seq - 1, segment.last_seq).columns
    except Hole:
        return NOTHING


def _unsealed(meta: CanvasMeta, since: int, until: int) -> Iterator[Stretch]:
    """Yield rows a page at a time; what is missing between them is a fault."""
    for columns in pages(meta, since, until):
        yield Stretch("the ledger", columns, list(_holes(columns.seqs, since)))
        since = columns.seqs[-1]
    if since < until:
        yield Stretch("the ledger", NOTHING, [str(Hole(since + 1, until))])


def _holes(seqs: Sequence[int], since: int) -> Iterator[str]:
    for seq in seqs:
        if seq != since + 1:
            yield str(Hole(since + 1, seq - 1))
        since = seq


def _name(segment: Segment) -> str:
    return f"segment {segment.first_seq} to {segment.last_seq}"
