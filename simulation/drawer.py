"""The drawing of a client: by its socket, or by HTTP beside it."""

import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

import orjson

from canvas.domain.board import Board
from simulation.loop import VirtualLoop
from simulation.orders import Orders

PAUSE = 0.5, 2.0  # seconds until an order without an answer is sent again
AT_ONCE = 15  # orders of a flood that are sent again within one pause
FLOODING = "flooding"
NAMELESS = 0.2  # of the orders by HTTP: without an id, so asked for once

Event = dict[str, Any]


class Sight(NamedTuple):
    """The view of a client that may draw now."""

    cells: Board
    palette: Sequence[str]


class Drawer:
    """`say` sends a message on the socket, `post` by HTTP; `hear` takes an answer with its id."""

    def __init__(
        self,
        loop: VirtualLoop,
        chance: random.Random,
        orders: Orders,
        look: Callable[[], Sight | None],
        say: Callable[[str], None],
        post: Callable[[Event], Awaitable[Event | None]],
        hear: Callable[[str | None, Event], None],
    ) -> None:
        self._loop = loop
        self._chance = chance
        self._orders = orders
        self._look = look
        self._say = say
        self._post = post
        self._hear = hear
        self._pace = 1.0
        self._posts = 0.0

    def begin(self, pace: float, posts: float) -> None:
        """Draw every `pace` seconds, about; the share of `posts` by HTTP."""
        self._pace, self._posts = pace, posts
        self._loop.call_later(self._chance.expovariate(1 / pace), self._draw)

    def send(self, client_id: str) -> None:
        message = self._orders.message(client_id, self._loop.time())
        if message is not None:
            self._say(orjson.dumps(message).decode())

    def send_later(self, client_id: str, code: str) -> None:
        """Send an order again that was refused; one of a flood the later, the more there are."""
        pause = self._chance.uniform(*PAUSE)
        if code == FLOODING:
            pause *= max(1.0, len(self._orders.asks) / AT_ONCE)
        self._loop.call_later(pause, self.send, client_id)

    def _draw(self) -> None:
        self._loop.call_later(self._chance.expovariate(1 / self._pace), self._draw)
        sight = self._look()
        if sight is None or not self._orders.may_draw:
            return
        by_http = bool(self._posts) and self._chance.random() < self._posts
        for client_id in self._orders.new(*sight):
            (self._post_soon if by_http else self.send)(client_id)

    def _post_soon(self, client_id: str) -> None:
        message = self._orders.message(client_id, self._loop.time())
        if message is None:
            return
        if self._chance.random() < NAMELESS:
            self._orders.give_up(client_id)
            del message["id"]
        self._loop.create_task(self._ask(client_id, message))

    async def _ask(self, client_id: str, message: Event) -> None:
        answer = await self._post(message)
        if answer is not None:
            self._hear(message.get("id"), answer)
        elif "id" in message:
            self._loop.call_later(self._chance.uniform(*PAUSE), self._post_soon, client_id)
