"""The ledger in memory: answers what a pod asks the database for, as the SQL of it does.

What is decided about placements is the product's own (`canvas.ledger.placing`); this holds the
rows. `tests/simulation/test_ledger.py` compares its answers with those of the SQL.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts import expulsions, sessions
from accounts.bans import BanList, Bans
from accounts.rights_version import RightsVersion
from canvas import services, signals
from canvas.domain.board import Board
from canvas.domain.clock import CanvasClock
from canvas.domain.cooldown import Spending
from canvas.domain.errors import UnknownCanvas
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.ledger import (
    allowances,
    faults,
    fold,
    forgetting,
    reads,
    segments,
    tip_copies,
    writable,
)
from canvas.ledger.facts import Facts
from canvas.ledger.inserts import Row
from canvas.ledger.moments import Moment
from canvas.ledger.placing import Order, Placed, decide, question_of
from canvas.ledger.reads import Compared, Head, Page
from canvas.ledger.segments import End
from canvas.pod import arrivals, pruner, sealer, streams
from canvas.pod.stream import MEMORY, Stream
from canvas.services import Answers, Batch
from simulation.past import Key, Past
from simulation.people import People

START = datetime(2026, 1, 1, tzinfo=UTC)
SLUG = "main"


class MemoryLedger:
    """One canvas, its people and its rules. Times are the virtual ones of `clock`, in seconds."""

    def __init__(
        self, meta: CanvasMeta, clock: Callable[[], float], new_epoch: Callable[[], int]
    ) -> None:
        self.past = Past([(0, meta)])
        self.past.boards.append(bytes(meta.width * meta.height))
        self.ever: dict[int, list[Row]] = {}  # all that was ever committed, by seq
        self.made: dict[Key, list[Row]] = {}  # all that was ever committed, by what asked for it
        self._clock = clock
        self._new_epoch = new_epoch
        self.people = People(lambda: self.past, self._now)
        self._answers: dict[Any, Callable[..., Any]] = {
            reads.head: self.head_of,
            reads.compared: self._compared,
            reads.page_after: self._page_after,
            reads.pixels_after: self.pixels_after,
            services.place: self._place,
            services.place_together: self._place_together,
            services.settle_ahead: self._settle_ahead,
            streams._read: self._load,
            arrivals._read: self.people.know,
            allowances.allowances: self.people.allowances,
            writable.check: lambda: None,
            expulsions.newest: self.people.newest_expulsion,
            expulsions.since: self.people.expulsions_since,
            sessions.ends_of: lambda keys: {},
            sealer.due: self._due,
            sealer.store_due: self._seal,
            segments.ends: self._ends,
            pruner.prune: lambda: 0,
            pruner.Pruner._prune_charges: lambda _self: 0,
            forgetting.go_on: lambda seconds: 0,
            tip_copies.slugs_with_tips: list,
            faults.Hole.is_mended: lambda fault, slug: fault.last <= self.seq,
        }

    def answer(self, function: Callable[..., Any], args: Sequence[Any]) -> Any:
        """Do what a function of the product does, in one step."""
        owner = getattr(function, "__self__", None)
        if owner is None:
            return self._answers[function](*args)
        return self._answers[function.__func__](owner, *args)  # type: ignore[attr-defined]  # a method

    # --- what there is

    @property
    def meta(self) -> CanvasMeta:
        return self.past.meta

    @property
    def seq(self) -> int:
        return self.past.seq

    @property
    def head(self) -> Head:
        return Head(self.meta, self.seq)

    def pixels(self, since: int, until: int) -> list[Pixel]:
        return self.past.pixels(since, until)

    def board(self, seq: int) -> bytes:
        return self.past.boards[seq]

    # --- what pods ask for

    def head_of(self, slug: str) -> Head:
        if slug != SLUG:
            raise UnknownCanvas(slug)
        return self.head

    def _compared(self, seqs: Mapping[str, int]) -> Mapping[str, Compared]:
        found = {}
        for slug, seq in seqs.items():
            at = self.pixels(seq - 1, seq) if seq else []
            found[slug] = Compared(self.head, None, at[0] if at else None)
        return found

    def pixels_after(self, meta: CanvasMeta, seq: int, limit: int) -> list[Pixel]:
        return self.pixels(seq, seq + limit)

    def _page_after(self, meta: CanvasMeta, seq: int) -> Page | None:
        found = self.pixels(seq, seq + fold.PAGE)
        return Page(found, self.meta) if found else None

    def _load(self, slug: str, copy: object) -> tuple[Stream, None, None]:
        meta, seq = self.head_of(slug)
        board = Board(meta.width, meta.height, seq, self.board(seq))
        return Stream(meta, board, self.pixels(max(0, seq - MEMORY), seq)), None, None

    def _due(self, slugs: Sequence[str]) -> list[str]:
        return [slug for slug in slugs if self.past.sealed + segments.SIZE <= self.seq]

    def _seal(self, slug: str) -> None:
        self.past.sealed = self.seq - self.seq % segments.SIZE

    def _ends(self, meta: CanvasMeta, seqs: Sequence[int]) -> dict[int, End]:
        return {seq: self.past.end(seq) for seq in seqs if seq <= self.past.sealed}

    # --- what changes it

    def _place(self, slug: str, orders: Sequence[Order]) -> Answers:
        meta, seq = self.head_of(slug)
        now, question = self._now(), question_of(orders)
        rows = self.past.rows
        facts = Facts(
            meta=meta,
            seq=seq,
            moment=Moment(RightsVersion(0, now), now, CanvasClock(now, now)),
            bans=Bans(BanList(0, self.past.bans), now),
            gone=set(),
            taken_names=set(),
            answered={
                key: rows[self.past.retries[key] - 1]
                for key in sorted(question.retries)
                if key in self.past.retries
            },
            spent=self.past.spent,
            newest={each for each in map(self.past.newest_at, question.over) if each},
        )
        decision = decide(facts, orders)
        added = {row.seq: row for row in decision.additions.rows}
        for order, answer in zip(orders, decision.answers, strict=True):
            row = added.pop(answer.pixel.seq, None) if isinstance(answer, Placed) else None
            if row is not None and order.draw.id is not None:
                self.made.setdefault((order.person.id, order.draw.id), []).append(row)
        self._append(decision.additions.rows)
        self.past.retries |= {
            (each.actor, each.client_id): each.seq for each in decision.additions.retries
        }
        self.past.spent |= {
            each.actor: Spending(each.at, each.charges) for each in decision.additions.spent
        }
        return decision.answers

    def _place_together(self, batches: Sequence[Batch]) -> list[Answers | None]:
        return [
            self._place(each.slug, each.orders) if each.slug == SLUG else None for each in batches
        ]

    def overwrite(self, cells: Sequence[tuple[int, int, int]]) -> None:
        """Draw as moderation does."""
        now = self._now()
        self._append(
            [
                Row(self.meta.id, seq, x, y, color, "operation:1", "moderator", now)
                for seq, (x, y, color) in enumerate(cells, self.seq + 1)
            ]
        )

    def _append(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        self.past.append(rows)
        for row in rows:
            self.ever.setdefault(row.seq, []).append(row)
        pixels = list(map(reads.pixel_of, rows))
        signals.committed.send_robust(services.place, meta=self.meta, pixels=pixels)

    def configure(self, **changes: Any) -> None:
        """Change rules; another size is another past."""
        before = self.meta
        resized = {"width", "height"} & changes.keys()
        epoch = self._new_epoch() if resized else before.epoch
        meta = replace(before, **changes, epoch=epoch, revision=before.revision + 1)
        self.past.change(meta)
        signals.changed.send_robust(services.configure, meta=meta, seq=self.seq)

    def renew_epoch(self) -> None:
        meta = replace(self.meta, epoch=self._new_epoch(), revision=self.meta.revision + 1)
        self.past.change(meta)
        signals.changed.send_robust(services.configure, meta=meta, seq=self.seq)

    def _settle_ahead(self, slug: str, known: int, seq: int, seen: Pixel | None) -> CanvasMeta:
        found = self.pixels(seq - 1, seq)
        is_other = bool(found) and seen is not None and not found[0].is_same(seen)
        if self.meta.epoch == known and (self.seq < seq or is_other):
            self.renew_epoch()
        return self.meta

    def lose(self, count: int) -> None:
        """Lose the newest placements, as a restored backup or a replica has."""
        self.past = self.past.copy(max(0, self.seq - count))
        del self.past.expulsions[-1:]

    def _now(self) -> datetime:
        return START + timedelta(seconds=self._clock())
