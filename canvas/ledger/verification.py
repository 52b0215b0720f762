"""Verification: boards that are stored or served, compared with the fold of the ledger."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Max

from canvas.domain.board import Board
from canvas.domain.rules import CanvasMeta
from canvas.ledger import snapshots
from canvas.models import Placement, Snapshot


@dataclass(frozen=True, slots=True)
class Claim:
    """The cells at a seq, as a snapshot or a pod has them."""

    source: str
    seq: int
    cells: bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """The number of pixels in which a claim differs from the ledger."""

    claim: Claim
    differing: int  # pixels


def snapshot_claims(meta: CanvasMeta) -> list[Claim]:
    rows = Snapshot.objects.filter(canvas_id=meta.id, epoch=meta.epoch)
    return [Claim(f"snapshot {row.seq}", row.seq, snapshots.unpack(row)) for row in rows]


def verify(meta: CanvasMeta, claims: list[Claim]) -> Iterator[Finding]:
    """Fold the ledger once, and compare it with each claim at its seq, byte by byte."""
    folded = Board(meta.width, meta.height)
    for claim in sorted(claims, key=lambda claim: claim.seq):
        for pixels in snapshots.ledger_pages(meta, folded.seq, claim.seq):
            folded.apply(pixels)
        yield Finding(claim, differing(bytes(folded.cells), claim.cells))


def differing(ours: bytes, theirs: bytes) -> int:
    if ours == theirs:
        return 0
    longer = abs(len(ours) - len(theirs))
    return longer + sum(a != b for a, b in zip(ours, theirs, strict=False))


def missing_seqs(meta: CanvasMeta, seq: int) -> int:
    """Return how many of the seqs 1 to `seq` the ledger lacks, or has too many of."""
    rows = Placement.objects.filter(canvas_id=meta.id)
    counted: dict[str, int | None] = rows.aggregate(rows=Count("id"), last=Max("seq"))
    return max(abs(seq - (number or 0)) for number in counted.values())
