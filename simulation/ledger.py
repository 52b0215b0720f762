"""The ledger in memory: answers what a pod asks the database for, as the SQL of it does.

What is decided about placements is the product's own (`canvas.ledger.placing`); this holds the
rows. `tests/simulation/test_ledger.py` compares its answers with those of the SQL.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User

from accounts import expulsions, sessions
from accounts.bans import BanList, Bans
from accounts.models import Ban, Expulsion
from accounts.rights_version import RightsVersion
from accounts.sessions import Login, Ticket
from canvas import services, signals
from canvas.domain.board import Board
from canvas.domain.clock import CanvasClock
from canvas.domain.cooldown import Allowance, Spending
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
from canvas.ledger.allowances import Drawer
from canvas.ledger.facts import Facts, Moment
from canvas.ledger.inserts import Row
from canvas.ledger.placing import Order, Placed, decide, question_of
from canvas.ledger.reads import Compared, Head, Page, Spot
from canvas.ledger.segments import End
from canvas.pod import arrivals, pruner, sealer, streams
from canvas.pod.arrivals import Known
from canvas.pod.stream import MEMORY, Stream
from canvas.services import Answers, Batch

Key = tuple[str, str]  # an actor and a client's id
START = datetime(2026, 1, 1, tzinfo=UTC)
SLUG = "main"


@dataclass
class Past:
    """All that a backup holds; `revisions` have the seq from which on each of the rules holds."""

    revisions: list[tuple[int, CanvasMeta]]
    rows: list[Row] = field(default_factory=list)
    retries: dict[Key, int] = field(default_factory=dict)
    spent: dict[str, Spending] = field(default_factory=dict)
    expulsions: list[Expulsion] = field(default_factory=list)
    bans: list[Ban] = field(default_factory=list)
    boards: list[bytes] = field(default_factory=list)  # at each seq, under the rules after it
    sealed: int = 0  # the last seq in a segment

    def copy(self, last: int) -> "Past":
        """Return a backup that was made when `last` was the newest seq."""
        return Past(
            [each for each in self.revisions if each[0] <= last],
            self.rows[:last],
            {key: seq for key, seq in self.retries.items() if seq <= last},
            dict(self.spent),
            list(self.expulsions),
            list(self.bans),
            self.boards[: last + 1],
            min(self.sealed, last - last % segments.SIZE),
        )


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
        self._answers: dict[Any, Callable[..., Any]] = {
            reads.head: self.head_of,
            reads.compared: self._compared,
            reads.page_after: self._page_after,
            reads.pixels_after: self.pixels_after,
            services.place: self._place,
            services.place_together: self._place_together,
            services.settle_ahead: self._settle_ahead,
            streams._read: self._load,
            arrivals._read: self._know,
            allowances.allowances: self._allowances,
            writable.check: lambda: None,
            expulsions.newest: self._newest_expulsion,
            expulsions.since: self._expulsions_since,
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
        return self.past.revisions[-1][1]

    @property
    def seq(self) -> int:
        return len(self.past.rows)

    @property
    def head(self) -> Head:
        return Head(self.meta, self.seq)

    def pixels(self, since: int, until: int) -> list[Pixel]:
        return list(map(reads.pixel_of, self.past.rows[since:until]))

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

    def _know(self, keys: Sequence[str]) -> list[Known]:
        bans = Bans(BanList(0, self.past.bans), self._now())
        return [Known(_login(key), bans) for key in keys]

    def _allowances(self, drawers: Sequence[Drawer]) -> list[Allowance]:
        now, spent = self._now(), self.past.spent
        return [each.cooldown.allowance(now, spent.get(each.actor)) for each in drawers]

    def _newest_expulsion(self) -> int:
        return self.past.expulsions[-1].id if self.past.expulsions else 0

    def _expulsions_since(self, last: int) -> list[Expulsion]:
        return [each for each in self.past.expulsions if each.id >= last]

    def _due(self, slugs: Sequence[str]) -> list[str]:
        return [slug for slug in slugs if self.past.sealed + segments.SIZE <= self.seq]

    def _seal(self, slug: str) -> None:
        self.past.sealed = self.seq - self.seq % segments.SIZE

    def _ends(self, meta: CanvasMeta, seqs: Sequence[int]) -> dict[int, End]:
        return {seq: self._end(seq) for seq in seqs if seq <= self.past.sealed}

    def _end(self, seq: int) -> End:
        rules = self._rules(seq - 1)  # a resize at this seq comes after the segment
        board = Board(rules.width, rules.height, seq - 1, self.board(seq - 1))
        board.apply(self.pixels(seq - 1, seq))
        return End(sha256(board.cells).hexdigest(), rules.width, rules.height)

    def _rules(self, seq: int) -> CanvasMeta:
        return [meta for since, meta in self.past.revisions if since <= seq][-1]

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
            newest={each for each in map(self._newest_at, question.over) if each},
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

    def _newest_at(self, seq: int) -> Spot | None:
        if not 0 < seq <= self.seq:
            return None
        row = self.past.rows[seq - 1]
        later = any((each.x, each.y) == (row.x, row.y) for each in self.past.rows[seq:])
        return None if later else Spot(seq, row.x, row.y)

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
        meta = self.meta
        board = Board(meta.width, meta.height, self.seq, self.board(self.seq))
        for row in rows:
            pixel = reads.pixel_of(row)
            board.apply([pixel])
            self.past.boards.append(bytes(board.cells))
            self.ever.setdefault(row.seq, []).append(row)
        self.past.rows += rows
        pixels = list(map(reads.pixel_of, rows))
        signals.committed.send_robust(services.place, meta=meta, pixels=pixels)

    def configure(self, **changes: Any) -> None:
        """Change rules; another size is another past."""
        before = self.meta
        resized = {"width", "height"} & changes.keys()
        epoch = self._new_epoch() if resized else before.epoch
        meta = replace(before, **changes, epoch=epoch, revision=before.revision + 1)
        self.past.revisions.append((self.seq, meta))
        self.past.boards[-1] = _resized(self.past.boards[-1], before, meta)
        signals.changed.send_robust(services.configure, meta=meta, seq=self.seq)

    def renew_epoch(self) -> None:
        meta = replace(self.meta, epoch=self._new_epoch(), revision=self.meta.revision + 1)
        self.past.revisions.append((self.seq, meta))
        signals.changed.send_robust(services.configure, meta=meta, seq=self.seq)

    def _settle_ahead(self, slug: str, known: int, seq: int, seen: Pixel | None) -> CanvasMeta:
        found = self.pixels(seq - 1, seq)
        is_other = bool(found) and seen is not None and not found[0].is_same(seen)
        if self.meta.epoch == known and (self.seq < seq or is_other):
            self.renew_epoch()
        return self.meta

    def expel(self, person: str, *, banned: bool) -> None:
        """Ban a person, or log all their sockets out."""
        now = self._now()
        kind = Expulsion.BANNED if banned else Expulsion.LOGGED_OUT
        if banned:
            self.past.bans.append(Ban(person=person, reason="rules", created_at=now))
        self.past.expulsions.append(
            Expulsion(id=self._newest_expulsion() + 1, kind=kind, key=person, created_at=now)
        )

    def pardon(self) -> None:
        self.past.bans = []

    def lose(self, count: int) -> None:
        """Lose the newest placements, as a restored backup or a replica has."""
        self.past = self.past.copy(max(0, self.seq - count))
        del self.past.expulsions[-1:]

    def _now(self) -> datetime:
        return START + timedelta(seconds=self._clock())


def _login(key: str) -> Login | None:
    """Return the login of a session: `session7` is that of the account 7."""
    number = key.removeprefix("session")
    if not number.isdigit():
        return None
    user = User(pk=int(number), username=f"person{number}")
    return Login(user, Ticket(frozenset([f"session:{number}"]), key))


def _resized(cells: bytes, before: CanvasMeta, after: CanvasMeta) -> bytes:
    board = Board(before.width, before.height, 0, cells)
    board.resize(after.width, after.height)
    return bytes(board.cells)
