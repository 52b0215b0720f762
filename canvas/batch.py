"""The placements of one transaction: what each order comes to, by the rules as they are now."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts import bans, names
from accounts.models import Ban
from accounts.people import Person
from accounts.revision import Reading
from canvas import ledger, rules
from canvas.errors import Banned, Invalid, Refused
from canvas.inserts import Row
from canvas.models import Canvas, Placement
from canvas.pace import Pace, Spending, Stamina, pace_of
from canvas.protocol import Pixel
from canvas.rules import CanvasMeta, Draw


@dataclass(frozen=True, slots=True)
class Order:
    """A draw and who asks for it."""

    person: Person
    draw: Draw

    @property
    def username(self) -> str:
        """The name that the pixel gets."""
        return self.chosen_name or self.person.name

    @property
    def chosen_name(self) -> str | None:
        """A guest may choose a name with each pixel; an account keeps its own."""
        return self.draw.username if self.person.is_guest else None


@dataclass(frozen=True, slots=True)
class Placed:
    """A pixel that is in the ledger, and when its person may place the next one."""

    pixel: Pixel
    cooldown_ms: int
    charges_left: int = 0


class Batch:
    """As it gathers under the canvas lock; `rows` are the placements to be written."""

    def __init__(self, canvas: Canvas, reading: Reading, orders: Sequence[Order]) -> None:
        self.meta: CanvasMeta = canvas.meta()
        self.rows: list[Row] = []
        self._seq = canvas.seq
        self._now = now = reading.now
        self._bans = bans.as_of(reading)
        self._taken = names.taken(filter(None, (order.chosen_name for order in orders)))
        self._answered = answered_before(self.meta, orders)
        self._paces = {guest: pace_of(self.meta, guest=guest) for guest in (False, True)}
        window = max(pace.window for pace in self._paces.values())
        actors = {order.person.id for order in orders}
        self._last = ledger.last_placed(self.meta.id, actors, now - window) if window else {}

    def answer(self, order: Order) -> Placed | Refused:
        operation = (order.person.id, order.draw.id)
        row = self._answered.get(operation)
        if row is None:
            try:
                ban = self._bans.of(order.person.id, order.person.address)
                if ban is not None:
                    return self._withhold(order, ban)
                row = self._accept(order)
            except Refused as refusal:
                return refusal
        if order.draw.id is not None:
            self._answered[operation] = row
        last = self._last.get(order.person.id)
        return Placed(ledger.pixel_of(row), *self._stamina(order, last))

    def _withhold(self, order: Order, ban: Ban) -> Placed:
        """Nothing is written: who is on the shadow list is answered as if it were."""
        if not ban.shadow:
            raise Banned(ban.reason)
        color = self._check(order)
        draw, when = order.draw, ledger.milliseconds(self._now)
        pixel = Pixel(self._seq, draw.x, draw.y, color, order.username, when)
        return Placed(pixel, *self._stamina(order, self._spend(order)))

    def _pace(self, order: Order) -> Pace:
        return self._paces[order.person.is_guest]

    def _spend(self, order: Order) -> Spending:
        return self._pace(order).spend(self._now, self._last.get(order.person.id))

    def _stamina(self, order: Order, last: Spending | None) -> Stamina:
        return self._pace(order).stamina(self._now, last)

    def _check(self, order: Order) -> int:
        """The palette index that is asked for; raise Refused."""
        color = rules.check_draw(self.meta, order.draw)
        if order.chosen_name in self._taken:
            raise Invalid("username", "taken", "This looks like the name of an account.")
        self._pace(order).check(self._now, self._last.get(order.person.id))
        return color

    def _accept(self, order: Order) -> Row:
        person, draw = order.person, order.draw
        color = self._check(order)
        spending = self._last[person.id] = self._spend(order)
        self._seq += 1
        row = Row(
            canvas_id=self.meta.id,
            seq=self._seq,
            x=draw.x,
            y=draw.y,
            color=color,
            actor=person.id,
            username=order.username,
            spent=spending.charges,
            operation=draw.id,
            placed_at=self._now,
        )
        self.rows.append(row)
        return row


def answered_before(
    meta: CanvasMeta, orders: Sequence[Order]
) -> dict[tuple[str, str | None], Placement | Row]:
    """The rows of operations that come again."""
    operations = {order.draw.id for order in orders if order.draw.id is not None}
    if not operations:
        return {}
    rows = Placement.objects.filter(
        canvas_id=meta.id,
        actor__in={order.person.id for order in orders},
        operation__in=operations,
    )
    return {(row.actor, row.operation): row for row in rows}
