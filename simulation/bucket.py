"""The cooldown told anew, as a bucket of charges: whether the rows of a past could be placed."""

from collections.abc import Iterator
from itertools import pairwise

from canvas.domain.rules import CanvasMeta
from canvas.ledger.inserts import Row
from simulation.past import Past

CLOSE = 1e-3  # charges: the product counts whole ms


def too_fast(past: Past) -> Iterator[str]:
    """Yield who drew faster than the rules; each stretch of them begins with a full bucket."""
    ends = [*past.revisions, (past.seq, past.meta)]
    for (since, meta), (until, _) in pairwise(ends):
        rows = [row for row in past.rows[since:until] if not row.actor.startswith("operation:")]
        for actor in sorted({row.actor for row in rows}):
            yield from _overdrawn(meta, [row for row in rows if row.actor == actor])


def _overdrawn(meta: CanvasMeta, rows: list[Row]) -> Iterator[str]:
    if not meta.cooldown_ms:
        return
    charges, at = float(meta.charges), rows[0].placed_at
    for row in rows:
        waited = (row.placed_at - at).total_seconds() * 1000
        charges, at = min(meta.charges, charges + waited / meta.cooldown_ms) - 1, row.placed_at
        if charges < -CLOSE:
            yield f"{row.actor} had no charge for the placement {row.seq}"
