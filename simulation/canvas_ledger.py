"""The ledger of one canvas in memory: answers what a pod asks the database for, as the SQL does.

What is decided about placements is the product's own (`canvas.ledger.deciding`); this holds the
rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from accounts.bans import Bans
from accounts.rights_version import RightsVersion
from canvas import services, signals
from canvas.domain.board import Board
from canvas.domain.clock import CanvasClock
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.ledger import faults, fold, reads, segments
from canvas.ledger.deciding import Decision, decide
from canvas.ledger.facts import Facts
from canvas.ledger.faults import Hole, LedgerFault
from canvas.ledger.inserts import Additions, Row
from canvas.ledger.moments import Moment
from canvas.ledger.placing import Order, Placed, question_of
from canvas.ledger.reads import Compared, Head, Page
from canvas.ledger.segments import End
from canvas.ledger.tip_copies import TipCopy
from canvas.pod import streams
from canvas.pod.stream import MEMORY, Stream
from simulation import tip as stored_tip
from simulation.damage import WHOLE
from simulation.past import Key, Past


class CanvasLedger:
    """One canvas and its rules; `damage` is what is wrong with it."""

    def __init__(
        self, meta: CanvasMeta, now: Callable[[], datetime], new_epoch: Callable[[], int]
    ) -> None:
        self.past = Past([(0, meta)])
        self.past.boards.append(bytes(meta.width * meta.height))
        self.ever: dict[int, list[Row]] = {}  # all that was ever committed, by seq
        self.made: dict[Key, list[Row]] = {}  # all that was ever committed, by what asked for it
        self.damage = WHOLE
        self.losses = 0  # times at which it may have become shorter than what pods know
        self.settled = 0  # epochs that pods made, which found it so
        self._now = now
        self._new_epoch = new_epoch

    # --- the truth

    @property
    def meta(self) -> CanvasMeta:
        return self.past.meta

    @property
    def seq(self) -> int:
        return self.past.seq

    def pixels(self, since: int, until: int) -> list[Pixel]:
        return self.past.pixels(since, until)

    def has(self, row: Row) -> bool:
        """Tell whether a row that was committed once is there still."""
        return row.seq <= self.seq and self.past.rows[row.seq - 1] is row

    def board(self, seq: int) -> bytes:
        """Return the board at a seq, in the size of now."""
        rules = self.past.rules_at(seq)
        board = Board(rules.width, rules.height, seq, self.past.boards[seq])
        board.resize(self.meta.width, self.meta.height)
        return bytes(board.cells)

    # --- what the database says

    @property
    def head(self) -> Head:
        return Head(self.meta, self.seq - self.damage.less)

    def at(self, seq: int) -> Pixel | None:
        found = self.damage.stored(self.past.rows, seq - 1, 1) if seq > 0 else []
        return found[0] if found and found[0].seq == seq else None

    def compared(self, seq: int) -> Compared:
        fault = faults.fault_at_end(self.head.seq, self.damage.newest(self.past.rows))
        return Compared(self.head, fault, self.at(seq))

    def pixels_after(self, seq: int, limit: int) -> list[Pixel]:
        return self.damage.stored(self.past.rows, seq, limit)

    def page_after(self, seq: int) -> Page | None:
        found = self.pixels_after(seq, fold.PAGE)
        return Page(found, self.meta) if found else None

    def load(self, copy: TipCopy | None) -> tuple[Stream, LedgerFault | None, TipCopy | None]:
        """Return the stream from the tip, or from its copy where that is one; and a copy of the tip
        where the one that there was is of no use.
        """
        meta, seq = self.head
        board, hole, is_copy = self._fold(copy)
        board.resize(meta.width, meta.height)
        last = board.seq
        since = max(0, last - MEMORY)
        recent = [each for each in self.pixels_after(since, MEMORY) if each.seq <= last]
        newest = recent[-1].seq if recent else since
        behind = faults.first_fault(meta, since, recent) or faults.fault_at_end(last, newest)
        fresh = None if is_copy else stored_tip.copy_of(self.past.tip, self.meta)
        return Stream(meta, board, streams._unbroken(recent, last)), hole or behind, fresh

    def _fold(self, copy: TipCopy | None = None) -> tuple[Board, Hole | None, bool]:
        """Return the board of now, or that before a hole, and whether it comes from this copy."""
        past, (meta, seq) = self.past, self.head
        board, is_copy = stored_tip.believed(past.tip, copy, meta, seq)
        stored_at = max(past.sealed, past.resized_at, board.seq if board else 0)
        hole = self.damage.hole(stored_at, seq)
        last = hole.first - 1 if hole else seq
        if board is None or past.tip is None:
            board = Board(meta.width, meta.height, last, self.board(last))
        else:
            past.go_on(board, past.tip.revision, last)
        return board, hole, is_copy

    @property
    def is_due(self) -> bool:
        return self._is_tip_due or self.past.sealed + segments.SIZE <= self.head.seq

    @property
    def _is_tip_due(self) -> bool:
        return stored_tip.is_due(self.past.tip, self.head.seq, self._now())

    def store_due(self) -> TipCopy | None:
        """Renew the tip if it is due, and seal; raise Hole. Return a copy of the new tip."""
        copy = None
        if self._is_tip_due:
            board, hole, _ = self._fold()
            if hole:
                raise hole
            self.past.tip = stored_tip.stored(self.past.rules_at(board.seq), board, self._now())
            copy = stored_tip.copy_of(self.past.tip, self.meta)
        self._seal()
        return copy

    def _seal(self) -> None:
        """Seal full segments up to a hole; raise Hole where there is one."""
        seq = self.head.seq
        hole = self.damage.hole(self.past.sealed, seq - seq % segments.SIZE)
        last = hole.first - 1 if hole else seq
        self.past.sealed = max(self.past.sealed, last - last % segments.SIZE)
        if hole:
            raise hole

    def ends(self, seqs: Sequence[int]) -> dict[int, End]:
        sealed = [seq for seq in seqs if seq <= self.past.sealed]
        return self.damage.ends({seq: self.past.end(seq) for seq in sealed})

    # --- what changes it

    def decide(self, orders: Sequence[Order], bans: Bans) -> Decision:
        """Decide about orders; raise IntegrityError where the rows could not be written."""
        meta, seq = self.head
        now, question = self._now(), question_of(orders)
        past = self.past
        answered = {key: past.retries[key] for key in question.retries if key in past.retries}
        facts = Facts(
            meta=meta,
            seq=seq,
            moment=Moment(RightsVersion(0, now), now, CanvasClock(now, now)),
            bans=bans,
            gone=set(),
            taken_names=set(),
            answered={
                key: past.rows[answered[key] - 1]
                for key in sorted(answered)
                if answered[key] not in self.damage.missing
            },
            spent=past.spent,
            newest={each for each in map(past.newest_at, question.over) if each},
        )
        decision = decide(facts, orders)
        if decision.additions.rows:
            self.damage.check_writable()
        if any((each.actor, each.client_id) in past.retries for each in decision.additions.retries):
            raise IntegrityError("duplicate key value violates unique constraint")
        return decision

    def write(self, orders: Sequence[Order], decision: Decision) -> None:
        """Add what was decided, and keep by what asked for it what is placed now."""
        added = {row.seq: row for row in decision.additions.rows}
        for order, answer in zip(orders, decision.answers, strict=True):
            row = added.pop(answer.pixel.seq, None) if isinstance(answer, Placed) else None
            if row is not None and order.draw.id is not None:
                self.made.setdefault((order.person.id, order.draw.id), []).append(row)
        self._append(decision.additions)

    def overwrite(self, cells: Sequence[tuple[int, int, int]]) -> None:
        """Draw as moderation does."""
        self.damage.check_writable()
        now = self._now()
        rows = [
            Row(self.meta.id, seq, x, y, color, "operation:1", "moderator", now)
            for seq, (x, y, color) in enumerate(cells, self.seq + 1)
        ]
        self._append(Additions(rows))

    def _append(self, additions: Additions) -> None:
        if not additions.rows:
            return
        rows = self.past.rows
        after = reads.milliseconds(rows[-1].placed_at) if rows else None
        self.past.append(additions)
        for row in additions.rows:
            self.ever.setdefault(row.seq, []).append(row)
        pixels = list(map(reads.pixel_of, additions.rows))
        signals.committed.send_robust(services.place, meta=self.meta, pixels=pixels, after=after)

    def configure(self, **changes: Any) -> None:
        """Change rules; another size is another past."""
        before = self.meta
        resized = {"width", "height"} & changes.keys()
        epoch = self._new_epoch() if resized else before.epoch
        self._revise(replace(before, **changes, epoch=epoch, revision=before.revision + 1))

    def renew_epoch(self, revision: int = 0) -> None:
        """Give it another past, with a revision beyond this one."""
        later = max(self.meta.revision, revision) + 1
        self._revise(replace(self.meta, epoch=self._new_epoch(), revision=later))

    def _revise(self, meta: CanvasMeta) -> None:
        self.past.change(meta)
        signals.changed.send_robust(services.configure, meta=meta, seq=self.head.seq)

    def settle_ahead(self, known: int, seq: int, seen: Pixel | None, revision: int) -> CanvasMeta:
        found = self.at(seen.seq) if seen is not None else None
        is_other = found is not None and seen is not None and not found.is_same(seen)
        lost_rules = self.meta.revision < revision
        if self.meta.epoch == known and (self.head.seq < seq or lost_rules or is_other):
            self.settled += 1
            self.renew_epoch(max(self.meta.revision, revision))
        return self.meta

    def lose(self, count: int) -> None:
        """Lose the newest placements, as a restored backup or a replica has; it is whole."""
        self.past = self.past.copy(max(0, self.seq - count))
        self.damage = WHOLE
        self.losses += 1
