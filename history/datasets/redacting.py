"""Redactions in an export: moderation draws the background where one begins, and what is there
where it ends; placements that it hides have the background's colour.

So the board that a reader folds from an export is at each moment the one that our pictures show.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from canvas.domain.area import Area
from canvas.domain.board import Board
from canvas.domain.columns import Columns
from canvas.domain.redaction import redact
from canvas.domain.rules import CanvasMeta
from canvas.ledger.fold import Fold
from canvas.ledger.segment_format import BY_MODERATION
from history.datasets.records import PERSON_BYTES, Batch
from history.looks import Look

STEP = 65_536  # cells of a change that are yielded at once
NOT_YET = 2**62  # the seq of a look that the export has not come to


class Redacting:
    """An export with placements added, so that numbers go on from seqs.

    `looks` get the numbers of the placements that they follow, as soon as these have come.
    """

    def __init__(self, meta: CanvasMeta, looks: list[Look]) -> None:
        self._meta = meta
        self._fold = Fold(meta)
        self._added = 0
        self._waiting = [(each["seq"], each) for each in looks]
        for each in looks:
            each["seq"] = NOT_YET
        self._pass_looks()
        ends = {seq for each in meta.redacted for seq in (each.first_seq, each.last_seq + 1)}
        self._changes = sorted(seq for seq in ends if seq > 1)

    def edited(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """Yield what may be shown, of batches that begin with seq 1."""
        for batch in batches:
            last = self._fold.seq + len(batch)
            while len(batch):
                first = self._fold.seq + 1
                if self._changes and self._changes[0] == first:
                    yield from self._change(first, int(batch.times[0]))
                count = min([last, *(each - 1 for each in self._changes[:1])]) - first + 1
                yield self._hidden(first, batch.part(0, count))
                batch = batch.part(count, len(batch))

    def _change(self, seq: int, time: int) -> Iterator[Batch]:
        """Go from what is shown before a placement to what is shown from it on."""
        self._changes.pop(0)
        self._fold.settle(seq - 1)
        before, after = self._shown(seq - 1), self._shown(seq)
        ys, xs = np.nonzero(before != after)
        for start in range(0, len(xs), STEP):
            part = slice(start, start + STEP)
            count = len(xs[part])
            self._added += count
            yield Batch(
                np.full(count, time, np.int64),
                xs[part].astype(np.uint16),
                ys[part].astype(np.uint16),
                after[ys[part], xs[part]],
                np.full(count, BY_MODERATION, np.uint8),
                np.zeros((count, PERSON_BYTES), np.uint8),
            )

    def _shown(self, seq: int) -> "np.ndarray[tuple[int, int], np.dtype[np.uint8]]":
        """Return the board of now as it is shown at a seq."""
        board = self._fold.board
        shown = Board(*board.size, seq, bytes(board.cells))
        redact(shown, self._meta.redacted)
        return np.frombuffer(shown.cells, np.uint8).reshape(board.height, board.width)

    def _hidden(self, first: int, batch: Batch) -> Batch:
        """Draw placements within which no redaction begins or ends; return what may be shown."""
        seqs = range(first, first + len(batch))
        while self._waiting and self._waiting[0][0] <= seqs[-1]:
            seq, look = self._waiting.pop(0)
            look["seq"] = seq + self._added
        self._fold.take(Columns(seqs, batch.xs, batch.ys, batch.colors))  # type: ignore[arg-type]
        colors = batch.colors
        for each in self._meta.redacted:
            if each.hides(first):
                colors = np.where(_within(each.area, batch), np.uint8(0), colors)
        return replace(batch, colors=colors)

    def _pass_looks(self) -> None:
        while self._waiting and self._waiting[0][0] == 0:
            self._waiting.pop(0)[1]["seq"] = 0


def _within(area: Area, batch: Batch) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    across = (batch.xs >= area.x) & (batch.xs < area.right)
    inside: np.ndarray[tuple[int], np.dtype[np.bool_]] = across & (
        (batch.ys >= area.y) & (batch.ys < area.bottom)
    )
    return inside
