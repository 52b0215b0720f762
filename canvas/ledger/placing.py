"""Orders to place pixels, and what a person is told whose pixel is placed."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.people import Person
from canvas.domain.pixel import Pixel, Seen
from canvas.domain.rules import CanvasMeta, Draw
from canvas.ledger.facts import Question


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


def question_of(orders: Sequence[Order]) -> Question:
    """Return what the database is to be asked for these orders."""
    return Question(
        actors={order.person.id for order in orders},
        names=set(filter(None, (order.chosen_name for order in orders))),
        retries=set(filter(None, (order.retry_key for order in orders))),
        over={order.draw.over for order in orders if order.draw.over is not None},
    )
