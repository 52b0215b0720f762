"""Verification: all that is stored or served of a canvas, compared with its ledger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from canvas.domain.rules import CanvasMeta
from canvas.ledger import boards
from canvas.ledger.fold import Fold
from canvas.ledger.proof import Unproven
from canvas.ledger.stretches import Stretch, stretches
from canvas.models import Keyframe, Tip


@dataclass(frozen=True, slots=True)
class Claim:
    """The cells at a seq, as a pod has them."""

    source: str
    seq: int
    cells: bytes


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """A keyframe or a tip, to be read when the fold has come to its seq."""

    table: type[Keyframe] | type[Tip]
    pk: int
    seq: int
    revision: int

    @property
    def source(self) -> str:
        return f"{self.table.kind} {self.seq}, revision {self.revision}"


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one comparison: its source, and its fault as a sentence, or None."""

    source: str
    fault: str | None = None


def verify(
    meta: CanvasMeta, seq: int, claims: Sequence[Claim] = (), *, full: bool = False
) -> Iterator[Finding]:
    """Fold a ledger that ends at `seq` once, and compare all with it on the way.

    Sealed stretches are read from their segments; with `full` from the rows as well. One
    segment and one stored board are in memory at once.
    """
    waiting: list[Claim | StoredClaim] = [*claims, *stored_claims(meta)]
    waiting.sort(key=_position)
    fold = Fold(meta)
    yield from _meet(fold, waiting, 0)
    for stretch in stretches(fold, seq, full=full):
        yield from _walk(fold, waiting, stretch)
    yield from _meet(fold, waiting, seq)
    yield from (Finding(each.source, "ahead of the ledger") for each in waiting)


def stored_claims(meta: CanvasMeta) -> Iterator[StoredClaim]:
    for table in (Keyframe, Tip):
        rows = table.objects.filter(canvas_id=meta.id)
        for pk, seq, revision in rows.values_list("pk", "seq", "revision"):
            yield StoredClaim(table, pk, seq, revision)


def differing(ours: bytes, theirs: bytes) -> int:
    if ours == theirs:
        return 0
    longer = abs(len(ours) - len(theirs))
    return longer + sum(a != b for a, b in zip(ours, theirs, strict=False))


def _walk(fold: Fold, waiting: list[Claim | StoredClaim], stretch: Stretch) -> Iterator[Finding]:
    """Draw a stretch, and meet the claims within it."""
    columns, last = stretch.columns, fold.seq
    if columns.seqs:
        last = columns.seqs[-1]
        while waiting and waiting[0].seq < last:
            fold.take(columns.between(fold.seq, waiting[0].seq))
            yield from _meet(fold, waiting, waiting[0].seq)
        fold.take(columns.between(fold.seq, last))
    faults = stretch.faults_at_end(fold.board)
    yield from (Finding(stretch.source, fault) for fault in faults)
    if not faults:
        yield Finding("segments" if stretch.segment else "pages of the open end")
    yield from _meet(fold, waiting, last)


def _meet(fold: Fold, waiting: list[Claim | StoredClaim], seq: int) -> Iterator[Finding]:
    """Compare the claims up to a seq, which the fold has reached."""
    while waiting and waiting[0].seq <= seq:
        claim = waiting.pop(0)
        fold.settle(claim.seq, claim.revision if isinstance(claim, StoredClaim) else None)
        yield _compare(fold, claim)


def _compare(fold: Fold, claim: Claim | StoredClaim) -> Finding:
    try:
        cells = claim.cells if isinstance(claim, Claim) else _read(fold, claim)
    except Unproven as reason:
        return Finding(claim.source, str(reason))
    if count := differing(bytes(fold.board.cells), cells):
        return Finding(claim.source, f"{count} pixels differ")
    return Finding(claim.source if isinstance(claim, Claim) else f"{claim.table.kind}s")


def _read(fold: Fold, claim: StoredClaim) -> bytes:
    stored = claim.table.objects.get(pk=claim.pk)
    if stored.area != fold.board.size or stored.revision != fold.rules.revision:
        raise Unproven("its size or revision is not that of the canvas then")
    return boards.cells_of(stored)


def _position(claim: Claim | StoredClaim) -> tuple[int, float]:
    """Order by seq; of one seq, a pod's board comes after all revisions."""
    return claim.seq, claim.revision if isinstance(claim, StoredClaim) else float("inf")
