"""Stored boards: read the nearest one and fold the ledger behind it; write the next one."""

import zlib
from collections.abc import Iterator

from django.db import transaction
from django.db.models.functions import Now

from canvas.domain.board import Board
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.ledger import reads
from canvas.models import Snapshot

PAGE = 5000  # rows of the ledger in memory at once
SNAPSHOT_SPACING = 10_000  # seqs between the snapshots that are kept for the past


def load(meta: CanvasMeta, until: int | None = None) -> Board:
    """Return the board at `until`, or now: the nearest snapshot with the ledger folded on top."""
    board = nearest_snapshot(meta, until) or Board(meta.width, meta.height)
    for pixels in ledger_pages(meta, board.seq, until):
        board.apply(pixels)
    return board


def ledger_pages(meta: CanvasMeta, seq: int, until: int | None) -> Iterator[list[Pixel]]:
    """Yield the ledger after `seq` and up to `until`, a page at a time."""
    while until is None or seq < until:
        limit = PAGE if until is None else min(PAGE, until - seq)
        pixels = reads.pixels_after(meta, seq, limit)
        if not pixels:
            return
        yield pixels
        seq = pixels[-1].seq


def nearest_snapshot(meta: CanvasMeta, until: int | None = None) -> Board | None:
    """Return the newest snapshot of this epoch at or before `until`, or None."""
    snapshots = Snapshot.objects.filter(canvas_id=meta.id, epoch=meta.epoch)
    if until is not None:
        snapshots = snapshots.filter(seq__lte=until)
    snapshot = snapshots.order_by("-seq").first()
    if snapshot is None:
        return None
    return Board(meta.width, meta.height, snapshot.seq, unpack(snapshot))


def unpack(snapshot: Snapshot) -> bytes:
    return zlib.decompress(snapshot.board)


def save_snapshot(meta: CanvasMeta, seq: int, cells: bytes) -> None:
    """Store the newest snapshot, and of the older ones keep enough to reach any moment quickly."""
    packed = zlib.compress(cells, level=1)
    with transaction.atomic():
        Snapshot.objects.get_or_create(
            canvas_id=meta.id,
            epoch=meta.epoch,
            seq=seq,
            defaults={"board": packed, "created_at": Now()},
        )
        newest = Snapshot.objects.filter(canvas_id=meta.id, epoch=meta.epoch).order_by("-seq")
        seqs = list(newest.values_list("seq", flat=True)[:3])
        if len(seqs) == 3 and seqs[1] - seqs[2] < SNAPSHOT_SPACING:
            newest.filter(seq=seqs[1]).delete()
