"""The orders of one transaction, decided purely, from facts that were read before."""

from collections.abc import Iterable
from typing import NamedTuple

from accounts.errors import AccountGone, Banned
from canvas.domain import rules
from canvas.domain.cooldown import Allowance, Cooldown, Spending, cooldown_of
from canvas.domain.errors import DrawnOver, IdReused, NoChange
from canvas.domain.pixel import Pixel
from canvas.domain.rules import Draw
from canvas.ledger import reads, withheld
from canvas.ledger.facts import Facts
from canvas.ledger.inserts import Additions, RetryRow, Row, SpentRow
from canvas.ledger.placing import Order, Placed
from canvas.ledger.shadow_placements import ShadowPlacements
from canvas.ledger.withheld import Withheld, WithheldPixels
from runtime.errors import Invalid, Refused


class Decision(NamedTuple):
    """An answer for each order, what is to be written, and what is withheld once that is."""

    answers: list[Placed | Refused]
    additions: Additions
    withheld: list[Withheld]


def decide(facts: Facts, orders: Iterable[Order], told: WithheldPixels = withheld.told) -> Decision:
    """Accept or refuse each order by the rules of the canvas, the earlier ones counting.

    `told` is what people on the shadow list were told before; nothing is changed in it.
    """
    batch = _Batch(facts, told)
    answers = [batch.answer(order) for order in orders]
    return Decision(answers, batch.additions(), batch.shadow.withheld)


class _Cell(NamedTuple):
    """The cell of a draw, as its person sees it."""

    has_asked_color: bool
    is_as_before: bool  # the placement that the draw goes over is the newest one


class _Batch:
    """The rows as they gather, and the facts that change by them."""

    def __init__(self, facts: Facts, told: WithheldPixels) -> None:
        self.shadow = ShadowPlacements(facts.meta.epoch, told)
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
            pixel = self._make(order)
        else:
            pixel = self._again(order, reads.pixel_of(row))
        return Placed(self._facts.meta, pixel, *self._allowance(order))

    def _again(self, order: Order, pixel: Pixel) -> Pixel:
        """Answer by the pixel that an id stands for; raise IdReused where another is asked for."""
        color = self._facts.meta.color_index.get(order.draw.color)
        if (order.draw.x, order.draw.y, color) != (pixel.x, pixel.y, pixel.color):
            raise IdReused
        return pixel

    def _make(self, order: Order) -> Pixel:
        """Place; or pretend to, for a person on the shadow list; raise Refused."""
        ban = self._facts.bans.of(order.person.id, order.person.address)
        if ban is None:
            return self._place(order)
        if not ban.shadow:
            raise Banned(ban.reason)
        pixel = self.shadow.answered(order.person.id, order.client_id)
        return self._pretend(order) if pixel is None else self._again(order, pixel)

    def _place(self, order: Order) -> Pixel:
        pixel = self._accept(order, self._cell(order), self._facts.seq + len(self._rows) + 1)
        row = Row(
            canvas_id=self._facts.meta.id,
            actor=order.person.id,
            placed_at=self._facts.moment.placed_at,
            program=order.person.is_program,
            seq=pixel.seq,
            x=pixel.x,
            y=pixel.y,
            color=pixel.color,
            username=pixel.username,
        )
        self._rows.append(row)
        self._drawn[row.x, row.y] = row.color
        self._remember(order, row)
        return pixel

    def _pretend(self, order: Order) -> Pixel:
        """Return the pixel that would have been placed, by what its person believes to see.

        The ledger has nothing of it; the charge is spent, or the lack of a cooldown would tell.
        """
        draw, actor, top = order.draw, order.person.id, self._top(order)
        own = self.shadow.on_cell(actor, draw.x, draw.y, top)
        cell = self._cell(order) if own is None else self._own_cell(order, own)
        seq = self.shadow.next_seq(actor, self._facts.seq + len(self._rows))
        pixel = self._accept(order, cell, seq)
        self.shadow.add(actor, order.client_id, pixel, top)
        return pixel

    def _accept(self, order: Order, cell: _Cell, seq: int) -> Pixel:
        """Return the pixel that an order becomes, and spend its charge; raise Refused."""
        color = self._check(order, cell)
        self._charge(order)
        when = reads.milliseconds(self._facts.moment.placed_at)
        return Pixel(seq, order.draw.x, order.draw.y, color, order.username, when)

    def _charge(self, order: Order) -> None:
        actor, now = order.person.id, self._facts.moment.clock.time
        spending = self._cooldown(order).spend(now, self._spent_by(order))
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

    def _check(self, order: Order, cell: _Cell) -> int:
        """Return the palette index that is asked for; raise Refused."""
        color = rules.check_draw(self._facts.meta, order.draw)
        if order.chosen_name in self._facts.taken_names:
            raise Invalid("username", "taken", "This looks like the name of an account.")
        if cell.has_asked_color:
            raise NoChange
        self._cooldown(order).check(self._facts.moment.clock.time, self._spent_by(order))
        if order.draw.over is not None and not cell.is_as_before:
            raise DrawnOver
        return color

    def _cell(self, order: Order) -> _Cell:
        """Look at the cell of a draw, by the pod's board, this batch and the ledger."""
        draw, seen = order.draw, order.seen
        drawn = self._drawn.get((draw.x, draw.y))
        if drawn is None:
            is_newest = (draw.over, draw.x, draw.y) in self._facts.newest
            return _Cell(seen is not None and seen.has_asked_color, is_newest)
        return _Cell(seen is not None and self._asks_for(draw, drawn), is_as_before=False)

    def _own_cell(self, order: Order, own: Pixel) -> _Cell:
        """Look at a cell with a pixel that its person alone believes to be there."""
        draw = order.draw
        has_color = order.seen is not None and draw.over is None and self._asks_for(draw, own.color)
        return _Cell(has_color, draw.over == own.seq)

    def _asks_for(self, draw: Draw, color: int) -> bool:
        return self._facts.meta.color_index.get(draw.color) == color

    def _top(self, order: Order) -> int | None:
        """Return the colour of the cell by this batch and the pod's board, None without one."""
        drawn = self._drawn.get((order.draw.x, order.draw.y))
        return order.seen.color if drawn is None and order.seen else drawn

    def _spent_by(self, order: Order) -> Spending | None:
        return self._spent.get(order.person.id)

    def _allowance(self, order: Order) -> Allowance:
        now = self._facts.moment.clock.time
        return self._cooldown(order).allowance(now, self._spent_by(order))

    def _cooldown(self, order: Order) -> Cooldown:
        return self._cooldowns[order.person.is_guest]
