"""The placing of one transaction's orders: decided purely, from facts that were read before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from accounts.errors import AccountGone, Banned
from accounts.models import Ban
from accounts.people import Person
from canvas.domain import rules
from canvas.domain.cooldown import Allowance, Cooldown, Spending, cooldown_of
from canvas.domain.errors import DrawnOver, IdReused, NoChange
from canvas.domain.pixel import Pixel, Seen
from canvas.domain.rules import CanvasMeta, Draw
from canvas.ledger import reads, withheld
from canvas.ledger.facts import Facts, Question
from canvas.ledger.inserts import Additions, RetryRow, Row, SpentRow
from canvas.ledger.withheld import Withheld
from canvas.models import Placement
from runtime.errors import Invalid, Refused


@dataclass(frozen=True, slots=True)
class Order:
    """A draw and the person who asks for it; `seen` is None where no board was looked at."""

    person: Person
    draw: Draw
    seen: Seen | None = None

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
    def retry_key(self) -> tuple[str, str] | None:
        """The actor and the client_id, as in the table of retries; None without an id."""
        return None if (client_id := self.client_id) is None else (self.person.id, client_id)


@dataclass(frozen=True, slots=True)
class Placed:
    """A pixel that is in the ledger, and when its person may place the next one.

    `meta` are the rules that it was placed, or answered, under.
    """

    meta: CanvasMeta
    pixel: Pixel
    cooldown_ms: int
    charges_left: int = 0


class Decision(NamedTuple):
    """An answer for each order, and what is to be written."""

    answers: list[Placed | Refused]
    additions: Additions


def question_of(orders: Sequence[Order]) -> Question:
    """Return what the database is to be asked for these orders."""
    return Question(
        actors={order.person.id for order in orders},
        names=set(filter(None, (order.chosen_name for order in orders))),
        retries=set(filter(None, (order.retry_key for order in orders))),
        over={order.draw.over for order in orders if order.draw.over is not None},
    )


def decide(facts: Facts, orders: Iterable[Order]) -> Decision:
    """Accept or refuse each order by the rules of the canvas, the earlier ones counting."""
    batch = _Batch(facts)
    answers = [batch.answer(order) for order in orders]
    return Decision(answers, batch.additions())


class _Batch:
    """The rows as they gather, and the facts that change by them."""

    def __init__(self, facts: Facts) -> None:
        self._rows: list[Row] = []
        self._retries: list[RetryRow] = []
        self._charged: dict[str, SpentRow] = {}  # by actor
        self._facts = facts
        self._answered = dict(facts.answered)
        self._spent = dict(facts.spent)
        self._drawn: dict[tuple[int, int], int] = {}  # colours of the rows, by cell
        self._cooldowns = {guest: cooldown_of(facts.meta, guest=guest) for guest in (False, True)}

    def additions(self) -> Additions:
        return Additions(self._rows, self._retries, list(self._charged.values()))

    def answer(self, order: Order) -> Placed | Refused:
        try:
            return self._answer(order)
        except Refused as refusal:
            return refusal

    def _answer(self, order: Order) -> Placed:
        key = order.retry_key
        row = self._answered.get(key) if key else None
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

    def _is_same(self, order: Order, row: Placement | Row | Pixel) -> bool:
        """Tell whether an order asks for the pixel that its id stands for."""
        color = self._facts.meta.color_index.get(order.draw.color)
        return (order.draw.x, order.draw.y, color) == (row.x, row.y, row.color)

    def _withhold(self, order: Order, ban: Ban) -> Placed:
        """Refuse; or answer as if it were placed, for a person on the shadow list.

        The ledger has nothing of it; the charge is spent, or the lack of a cooldown would tell.
        """
        if not ban.shadow:
            raise Banned(ban.reason)
        meta = self._facts.meta
        pixel = withheld.answered(meta.epoch, order.person.id, order.client_id)
        if pixel is None:
            pixel = self._pretend(order)
        elif not self._is_same(order, pixel):
            raise IdReused
        return Placed(meta, pixel, *self._allowance(order, self._spent_by(order)))

    def _pretend(self, order: Order) -> Pixel:
        """Return the pixel that would have been placed, by what its person believes to see."""
        draw, facts, actor = order.draw, self._facts, order.person.id
        top, epoch = self._top(order), facts.meta.epoch
        own = withheld.on_cell(epoch, actor, draw.x, draw.y, top)
        color = self._check(order, own)
        self._check_over(draw, own)
        self._charge(actor, self._spend(order))
        seq = withheld.next_seq(epoch, actor, facts.seq + len(self._rows))
        when = reads.milliseconds(facts.moment.placed_at)
        pixel = Pixel(seq, draw.x, draw.y, color, order.username, when)
        withheld.remember(epoch, actor, order.client_id, Withheld(pixel, top))
        return pixel

    def _accept(self, order: Order) -> Row:
        person, draw = order.person, order.draw
        color = self._check(order)
        self._check_over(draw)
        self._charge(person.id, self._spend(order))
        row = Row(
            canvas_id=self._facts.meta.id,
            seq=self._facts.seq + len(self._rows) + 1,
            x=draw.x,
            y=draw.y,
            color=color,
            actor=person.id,
            username=order.username,
            placed_at=self._facts.moment.placed_at,
            program=person.is_program,
        )
        self._rows.append(row)
        self._drawn[row.x, row.y] = row.color
        self._remember(order, row)
        return row

    def _charge(self, actor: str, spending: Spending) -> None:
        self._spent[actor] = spending
        self._charged[actor] = SpentRow(
            self._facts.meta.id, actor, charges=spending.charges, at=spending.at
        )

    def _remember(self, order: Order, row: Row) -> None:
        """Have a retry answered by this row."""
        if (key := order.retry_key) is not None:
            retry = RetryRow(row.canvas_id, *key, row.seq, at=self._facts.moment.now)
            self._retries.append(retry)
            self._answered[key] = row

    def _check(self, order: Order, own: Pixel | None = None) -> int:
        """Return the palette index that is asked for, beside one's own pixel; raise Refused."""
        color = rules.check_draw(self._facts.meta, order.draw)
        if order.chosen_name in self._facts.taken_names:
            raise Invalid("username", "taken", "This looks like the name of an account.")
        self._check_change(order, color, own)
        self._cooldown(order).check(self._facts.moment.clock.time, self._spent_by(order))
        return color

    def _top(self, order: Order) -> int | None:
        """Return the colour of the cell by this batch and the pod's board, None without one."""
        drawn = self._drawn.get((order.draw.x, order.draw.y))
        return order.seen.color if drawn is None and order.seen else drawn

    def _check_change(self, order: Order, color: int, own: Pixel | None) -> None:
        """Raise NoChange for the colour that the cell has, by the pod's board and this batch."""
        if order.seen is None:
            return
        drawn = self._drawn.get((order.draw.x, order.draw.y))
        is_asked = order.seen.is_asked if drawn is None else drawn == color
        if own is not None:
            is_asked = own.color == color and order.draw.over is None
        if is_asked:
            raise NoChange

    def _check_over(self, draw: Draw, own: Pixel | None = None) -> None:
        """Raise DrawnOver unless the placement that a draw goes over is the newest on its cell."""
        if draw.over is None:
            return
        is_newest = (draw.over, draw.x, draw.y) in self._facts.newest
        is_free = is_newest and (draw.x, draw.y) not in self._drawn
        if not (is_free if own is None else draw.over == own.seq):
            raise DrawnOver

    def _spent_by(self, order: Order) -> Spending | None:
        return self._spent.get(order.person.id)

    def _spend(self, order: Order) -> Spending:
        return self._cooldown(order).spend(self._facts.moment.clock.time, self._spent_by(order))

    def _allowance(self, order: Order, spent: Spending | None) -> Allowance:
        return self._cooldown(order).allowance(self._facts.moment.clock.time, spent)

    def _cooldown(self, order: Order) -> Cooldown:
        return self._cooldowns[order.person.is_guest]
