"""The orders of a client: the pixels that it asks for, each until it has an answer."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from canvas.domain.board import Board

RETRIED = ("unavailable", "busy", "damaged", "flooding")
MOST = 50  # orders without an answer; with as many nobody draws on


class Ask(NamedTuple):
    """A pixel that was asked for: what for, and when it was sent last."""

    x: int
    y: int
    color: str
    sent_at: float


class Orders:
    """Orders of a client, the seqs of the acknowledged ones, and the codes of those that were sent
    once and refused; all by the client's ids.
    """

    def __init__(self, number: int, chance: random.Random) -> None:
        self.asks: dict[str, Ask] = {}
        self.acked: dict[str, int] = {}
        self.refused: dict[str, str] = {}
        self._sent = Counter[str]()
        self._number = number
        self._chance = chance
        self._count = 0

    @property
    def may_draw(self) -> bool:
        return len(self.asks) < MOST

    def new(self, board: Board, palette: Sequence[str]) -> Iterator[str]:
        """Yield the ids of some pixels, each to be sent before the next."""
        for _ in range(self._chance.choice([1, 1, 1, 2, 5])):
            self._count += 1
            x, y = self._chance.randrange(board.width), self._chance.randrange(board.height)
            client_id = f"{self._number}-{self._count}"
            self.asks[client_id] = Ask(x, y, self._chance.choice(palette), 0.0)
            yield client_id

    def again(self) -> Iterator[str]:
        """Yield the ids to be sent anew on another connection; some are given up."""
        for client_id in list(self.asks):
            if self._chance.random() < 0.9:
                yield client_id
            else:
                self.give_up(client_id)

    def give_up(self, client_id: str) -> None:
        """Ask no more: its answer will never be known."""
        del self.asks[client_id]

    def message(self, client_id: str, now: float) -> dict[str, Any] | None:
        """Return an order as it is sent now; None where it has its answer."""
        if client_id not in self.asks:
            return None
        ask = self.asks[client_id] = self.asks[client_id]._replace(sent_at=now)
        self._sent[client_id] += 1
        message = {"type": "pixel_update", "x": ask.x, "y": ask.y, "color": ask.color}
        return message | {"id": client_id}

    def acknowledge(self, client_id: str, seq: int) -> None:
        self.asks.pop(client_id, None)
        self.acked[client_id] = seq

    def refuse(self, client_id: str, code: str) -> bool:
        """Take a refusal; return whether the order is to be sent again later."""
        if code in RETRIED:
            return True
        self.asks.pop(client_id, None)
        if self._sent[client_id] == 1:
            self.refused[client_id] = code
        return False
