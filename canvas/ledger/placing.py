"""The placing of one transaction's orders: read the facts once, then decide purely."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from accounts import bans, existence, names
from accounts.bans import Bans
from accounts.errors import AccountGone, Banned
from accounts.models import Ban
from accounts.people import Person
from accounts.rights_version import RightsVersion
from canvas.domain import rules
from canvas.domain.cooldown import Allowance, Cooldown, Spending, cooldown_of
from canvas.domain.errors import DrawnOver, IdReused
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta, Draw
from canvas.ledger import reads
from canvas.ledger.inserts import RetryRow, Row
from canvas.models import Canvas, Placement, Retry
from runtime.errors import Invalid, Refused

RetryKey = tuple[str, str | None]  # an actor and a client_id, as in the table of retries


@dataclass(frozen=True, slots=True)
class Order:
    """A draw and the person who asks for it."""

    person: Person
    draw: Draw

    @property
    def username(self) -> str:
        """The name that the pixel gets."""
        return self.chosen_name or self.person.name

    @property
    def chosen_name(self) -> str | None:
        """The name that a guest chose for this pixel; None for an account, which keeps its own."""
        return self.draw.username if self.person.is_guest else None

    @property
    def client_id(self) -> str | None:
        """The id that makes a retry safe, as it is stored.

        All programs without a cookie at one address are one actor. Two of them may count from the
        same number, so the pixel is part of their ids.
        """
        draw = self.draw
        if draw.id is None or not self.person.is_by_address:
            return draw.id
        return f"{draw.id} {draw.x},{draw.y},{draw.color}"

    @property
    def retry_key(self) -> RetryKey:
        return self.person.id, self.client_id


@dataclass(frozen=True, slots=True)
class Placed:
    """A pixel that is in the ledger, and when its person may place the next one.

    `meta` are the rules that it was placed, or answered, under.
    """

    meta: CanvasMeta
    pixel: Pixel
    cooldown_ms: int
    charges_left: int = 0


class Facts(NamedTuple):
    """Everything in the database that concerns the orders of one transaction."""

    meta: CanvasMeta
    seq: int  # of the newest placement
    now: datetime  # by the database's clock
    bans: Bans
    gone: set[str]  # persons whose account is no more
    taken_names: set[str]
    answered: Mapping[RetryKey, Placement | Row]  # the rows of retries
    spent: Mapping[str, Spending]  # by actor
    newest: set[reads.Spot]  # of the placements that orders are to be placed over


class Decision(NamedTuple):
    """An answer for each order, and the rows that are to be written."""

    answers: list[Placed | Refused]
    rows: list[Row]
    retries: list[RetryRow]


def read_facts(canvas: Canvas, reading: RightsVersion, orders: Sequence[Order]) -> Facts:
    """Read under the lock of the canvas row, which `reading` was made under as well."""
    meta = canvas.meta()
    window = max(cooldown_of(meta, guest=guest).window for guest in (False, True))
    actors = {order.person.id for order in orders}
    return Facts(
        meta=meta,
        seq=canvas.seq,
        now=reading.now,
        bans=bans.as_of(reading),
        gone=existence.gone(actors),
        taken_names=names.taken(filter(None, (order.chosen_name for order in orders))),
        answered=_answered(meta, orders),
        spent=reads.last_placed(meta.id, actors, reading.now - window) if window else {},
        newest=reads.newest_of(meta, {o.draw.over for o in orders if o.draw.over is not None}),
    )


def decide(facts: Facts, orders: Iterable[Order]) -> Decision:
    """Accept or refuse each order by the rules of the canvas, the earlier ones counting."""
    batch = _Batch(facts)
    answers = [batch.answer(order) for order in orders]
    return Decision(answers, batch.rows, batch.retries)


class _Batch:
    """The rows as they gather, and the facts that change by them."""

    def __init__(self, facts: Facts) -> None:
        self.rows: list[Row] = []
        self.retries: list[RetryRow] = []
        self._facts = facts
        self._answered = dict(facts.answered)
        self._spent = dict(facts.spent)
        self._drawn: set[tuple[int, int]] = set()  # cells of the rows
        self._cooldowns = {guest: cooldown_of(facts.meta, guest=guest) for guest in (False, True)}

    def answer(self, order: Order) -> Placed | Refused:
        try:
            return self._answer(order)
        except Refused as refusal:
            return refusal

    def _answer(self, order: Order) -> Placed:
        row = self._answered.get(order.retry_key)
        if row is None:
            if order.person.id in self._facts.gone:
                raise AccountGone
            ban = self._facts.bans.of(order.person.id, order.person.address)
            if ban is not None:
                return self._withhold(order, ban)
            row = self._accept(order)
        elif not self._is_same(order, row):
            raise IdReused
        return Placed(
            self._facts.meta, reads.pixel_of(row), *self._allowance(order, self._spent_by(order))
        )

    def _is_same(self, order: Order, row: Placement | Row) -> bool:
        """Tell whether an order asks for the pixel that its id stands for."""
        color = self._facts.meta.color_index.get(order.draw.color)
        return (order.draw.x, order.draw.y, color) == (row.x, row.y, row.color)

    def _withhold(self, order: Order, ban: Ban) -> Placed:
        """Refuse; or write nothing and answer as if it were, for a person on the shadow list."""
        if not ban.shadow:
            raise Banned(ban.reason)
        color = self._check(order)
        draw, facts = order.draw, self._facts
        when = reads.milliseconds(facts.now)
        seq = facts.seq + len(self.rows)
        pixel = Pixel(seq, draw.x, draw.y, color, order.username, when)
        return Placed(facts.meta, pixel, *self._allowance(order, self._spend(order)))

    def _accept(self, order: Order) -> Row:
        person, draw = order.person, order.draw
        color = self._check(order)
        self._check_over(draw)
        spending = self._spent[person.id] = self._spend(order)
        row = Row(
            canvas_id=self._facts.meta.id,
            seq=self._facts.seq + len(self.rows) + 1,
            x=draw.x,
            y=draw.y,
            color=color,
            actor=person.id,
            username=order.username,
            spent=spending.charges,
            placed_at=self._facts.now,
            program=person.is_program,
        )
        self.rows.append(row)
        self._drawn.add((row.x, row.y))
        self._remember(order, row)
        return row

    def _remember(self, order: Order, row: Row) -> None:
        """Have a retry answered by this row."""
        if order.client_id is not None:
            retry = RetryRow(row.canvas_id, row.actor, order.client_id, row.seq, row.placed_at)
            self.retries.append(retry)
            self._answered[order.retry_key] = row

    def _check(self, order: Order) -> int:
        """Return the palette index that is asked for; raise Refused."""
        color = rules.check_draw(self._facts.meta, order.draw)
        if order.chosen_name in self._facts.taken_names:
            raise Invalid("username", "taken", "This looks like the name of an account.")
        self._cooldown(order).check(self._facts.now, self._spent_by(order))
        return color

    def _check_over(self, draw: Draw) -> None:
        """Raise DrawnOver unless the placement that a draw goes over is the newest on its cell."""
        if draw.over is None:
            return
        is_newest = (draw.over, draw.x, draw.y) in self._facts.newest
        if not is_newest or (draw.x, draw.y) in self._drawn:
            raise DrawnOver

    def _spent_by(self, order: Order) -> Spending | None:
        return self._spent.get(order.person.id)

    def _spend(self, order: Order) -> Spending:
        return self._cooldown(order).spend(self._facts.now, self._spent_by(order))

    def _allowance(self, order: Order, spent: Spending | None) -> Allowance:
        return self._cooldown(order).allowance(self._facts.now, spent)

    def _cooldown(self, order: Order) -> Cooldown:
        return self._cooldowns[order.person.is_guest]


def _answered(meta: CanvasMeta, orders: Sequence[Order]) -> dict[RetryKey, Placement | Row]:
    """Return the rows of the orders that come again, by actor and client_id."""
    client_ids = {order.client_id for order in orders if order.client_id is not None}
    if not client_ids:
        return {}
    actors = {order.person.id for order in orders}
    retries = Retry.objects.filter(canvas=meta.id, actor__in=actors, client_id__in=client_ids)
    seqs = {(row.actor, row.client_id): row.seq for row in retries}
    if not seqs:
        return {}
    rows = _by_seq(meta, seqs.values())
    return {key: rows[seq] for key, seq in seqs.items() if seq in rows}


def _by_seq(meta: CanvasMeta, seqs: Iterable[int]) -> dict[int, Placement]:
    rows = Placement.objects.filter(canvas=meta.id, seq__in=list(seqs))
    return {row.seq: row for row in rows}
