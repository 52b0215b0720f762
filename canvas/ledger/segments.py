"""Segments: the past of a ledger, sealed; the first bytes that are stored win."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from typing import NamedTuple

import numpy as np
from django.db.models import QuerySet

from canvas.domain.board import Board
from canvas.domain.columns import Columns
from canvas.domain.rules import CanvasMeta
from canvas.ledger import proof, segment_format
from canvas.ledger.fold import pages
from canvas.ledger.proof import Unproven
from canvas.ledger.segment_format import Content
from canvas.models import Segment

SIZE = 65_536  # placements: 290 KB on a drawing of 2000 x 2000, and 20 MB in memory as rows
LEVEL = 6  # of gzip: 9 saves 1 % more, and takes three times as long
PARTS = 48  # of a segment's time, each a bit: JavaScript holds so many exactly
LONGEST = 2**20  # bytes of a segment, unpacked: times take 10 bytes each at most


def of(meta: CanvasMeta) -> QuerySet[Segment]:
    """Return the segments of a canvas."""
    return Segment.objects.filter(canvas_id=meta.id).order_by("first_seq")


def end(meta: CanvasMeta) -> int:
    """Return the last seq that is sealed, 0 before the first segment."""
    return sum(of(meta).values_list("first_seq", "count").last() or (1, 0)) - 1


class End(NamedTuple):
    """The hash of the board right after a segment, and its size."""

    sha256: str
    width: int
    height: int

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height


def ends(meta: CanvasMeta, seqs: Iterable[int]) -> dict[int, End]:
    """Return those of the segments that end at these seqs, as far as they are sealed."""
    starts = [seq - SIZE + 1 for seq in seqs]
    rows = of(meta).filter(first_seq__in=starts, count=SIZE)
    fields = rows.values_list("first_seq", "board_after", "width", "height")
    return {first + SIZE - 1: End(after, width, height) for first, after, width, height in fields}


def one_by_one(segments: QuerySet[Segment]) -> Iterator[Segment]:
    """Yield segments with one at a time in memory."""
    for pk in list(segments.values_list("pk", flat=True)):
        yield Segment.objects.select_related("canvas").get(pk=pk)


def store(meta: CanvasMeta, content: Content, after: Board) -> Segment:
    """Store a segment and the hash of the board after it; return what is stored then.

    Another one that was there before stays, with an alarm; the same one whose bytes have been
    broken is mended.
    """
    encoded = segment_format.encode(content)
    packed = proof.pack(encoded, LEVEL)
    segment = Segment(
        canvas_id=meta.id,
        first_seq=content.header.first_seq,
        count=len(content.times),
        placed_from=content.times[0],
        placed_to=content.times[-1],
        sha256=sha256(encoded).hexdigest(),
        board_after=after.sha256(),
        width=after.width,
        height=after.height,
        size=len(packed),
        content=packed,
        moderated=moderated_parts(content),
    )
    Segment.objects.bulk_create([segment], ignore_conflicts=True)
    stored = Segment.objects.get(canvas_id=meta.id, first_seq=segment.first_seq)
    if stored.sha256 != segment.sha256:
        proof.reject("segment", stored, "the ledger tells another story")
    elif bytes(stored.content) != packed and not _is_whole(stored):
        proof.reject("segment", stored, "its bytes were others, and are mended")
        Segment.objects.filter(pk=stored.pk).update(content=packed, size=len(packed))
        stored.refresh_from_db()
    return stored


def moderated_parts(content: Content) -> int:
    """Return a bit for each of the equal parts of a segment's time, 1 where moderation drew."""
    first, span = content.times[0], content.times[-1] - content.times[0] + 1
    is_drawn = np.frombuffer(content.flags, np.uint8) & segment_format.BY_MODERATION != 0
    drawn = np.array(content.times, np.uint64)[is_drawn]
    return sum(1 << part for part in np.unique((drawn - first) * PARTS // span).tolist())


def mark_moderated(meta: CanvasMeta, newest: int | None = None) -> int:
    """Find where moderation drew in segments that do not tell it yet; return how many.

    With `newest` only in so many of them: pods of a former version seal some during a rollout.
    """
    rows = of(meta).filter(moderated=None)
    looked_at = one_by_one(rows) if newest is None else rows.order_by("-first_seq")[:newest]
    count = 0
    for segment in looked_at:
        with suppress(Unproven):  # one that is broken is told of by who reads it
            parts = moderated_parts(segment_format.decode(content_of(segment)))
            count += rows.filter(pk=segment.pk).update(moderated=parts)
    return count


def _is_whole(segment: Segment) -> bool:
    try:
        return bool(content_of(segment))
    except Unproven:
        return False


def content_of(segment: Segment) -> bytes:
    """Return the bytes that the hash is of; raise Unproven for others."""
    content = proof.unpack(bytes(segment.content), segment.sha256, LONGEST)
    try:
        header, columns = segment_format.decode_columns(content)
    except ValueError as error:
        raise Unproven(error) from None
    if (header.first_seq, len(columns.seqs)) != (segment.first_seq, segment.count):
        raise Unproven("it is of other seqs")
    return content


def believed(segment: Segment) -> bytes | None:
    """Return the bytes of a segment that proves itself; raise the alarm for another."""
    try:
        if segment.last_seq > segment.canvas.seq:
            raise Unproven(f"the ledger ends at {segment.canvas.seq}")
        return content_of(segment)
    except Unproven as reason:
        proof.reject("segment", segment, reason)
        return None


def newest(meta: CanvasMeta) -> Segment | None:
    """Return the newest segment that is believed."""
    segments = one_by_one(of(meta).reverse())
    return next((each for each in segments if believed(each) is not None), None)


def columns_between(meta: CanvasMeta, since: int, until: int) -> Iterator[Columns]:
    """Yield the placements after `since` up to `until`: of segments where they are sealed and
    believed, else of the ledger's rows, a page at a time.
    """
    near = of(meta).filter(first_seq__gt=since - SIZE, first_seq__lte=until)
    for segment in one_by_one(near):
        content = believed(segment)
        if content is None:
            continue
        columns = segment_format.decode_columns(content)[1].between(since, until)
        if columns.seqs:
            if since < columns.seqs[0] - 1:
                yield from pages(meta, since, columns.seqs[0] - 1)
            yield columns
            since = columns.seqs[-1]
    if since < until:
        yield from pages(meta, since, until)
