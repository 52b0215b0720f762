"""Keyframes: boards before a segment, or at a resize, from which the past is quick to reach."""

from django.db.models import Count, F, QuerySet, Sum

from canvas.domain.rules import CanvasMeta
from canvas.ledger import boards, proof, segments
from canvas.ledger.fold import Fold
from canvas.models import Keyframe

MAX_APART = 16  # segments between two keyframes: 0.2 s of unpacking and drawing
LEVEL = 6  # of gzip


def store(fold: Fold, level: int = LEVEL) -> Keyframe:
    """Store the board of a fold; return what is stored then: the first that was."""
    return _keep(fold, proof.pack(fold.board.cells, level))


def store_due(fold: Fold) -> Keyframe | None:
    """Store the board before a segment, where the segments since the last one outweigh it."""
    count, weight = _since_last(fold.meta, fold.seq)
    if not count:
        return None
    if count >= MAX_APART:
        return store(fold)
    packed = proof.pack_below(fold.board.cells, LEVEL, weight)
    return _keep(fold, packed) if packed is not None else None


def at(meta: CanvasMeta, seq: int) -> Keyframe | None:
    """Return the keyframe with the newest rules at a seq, or None."""
    return Keyframe.objects.filter(canvas_id=meta.id, seq=seq).order_by("-revision").first()


def between_segments(meta: CanvasMeta) -> QuerySet[Keyframe]:
    """Return the keyframes of a canvas that lie between two segments, not at a resize within."""
    rows = Keyframe.objects.filter(canvas_id=meta.id)
    return rows.annotate(part=F("seq") % segments.SIZE).filter(part=0)


def _keep(fold: Fold, packed: bytes) -> Keyframe:
    fields = boards.fields_of(fold.board, fold.rules.revision, packed)
    Keyframe.objects.bulk_create(
        [Keyframe(canvas_id=fold.meta.id, **fields)], ignore_conflicts=True
    )
    key = {"seq": fold.seq, "revision": fold.rules.revision}
    stored = Keyframe.objects.get(canvas_id=fold.meta.id, **key)
    if stored.sha256 != fields["sha256"]:
        proof.reject("keyframe", stored, "the ledger tells another story")
    elif bytes(stored.cells) != packed and not _is_whole(stored):
        proof.reject("keyframe", stored, "its bytes were others, and are mended")
        Keyframe.objects.filter(pk=stored.pk).update(**fields)
        stored.refresh_from_db()
    return stored


def _is_whole(stored: Keyframe) -> bool:
    try:
        return bool(boards.cells_of(stored))
    except proof.Unproven:
        return False


def _since_last(meta: CanvasMeta, seq: int) -> tuple[int, int]:
    """Return how many segments, and of how many bytes, end at `seq` and follow the last keyframe
    that lies between two segments.
    """
    between = between_segments(meta).filter(seq__lte=seq)
    last = between.order_by("-seq").values_list("seq", flat=True).first() or 0
    since = segments.of(meta).filter(first_seq__gt=last, first_seq__lte=seq)
    found = since.aggregate(count=Count("pk"), weight=Sum("size"))
    return found["count"], found["weight"] or 0
