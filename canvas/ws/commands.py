"""The commands of a client: a table of types, and the function that answers each."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

from accounts.people import Person
from canvas import access
from canvas.domain import parsing
from canvas.domain.cooldown import Allowance
from canvas.ledger.placing import Order, Placed
from canvas.pod.outbox import Frames
from canvas.pod.pod import Pod
from canvas.protocol import events
from canvas.protocol.events import Event
from runtime.errors import Refused


class Client(Protocol):
    """The connection that a command came from."""

    @property
    def pod(self) -> Pod: ...
    @property
    def person(self) -> Person: ...
    @property
    def slug(self) -> str: ...
    @property
    def seq(self) -> int:
        """The seq of the canvas's newest placement, as this pod knows it."""

    def say(self, event: Event) -> None: ...
    def send(self, frames: Frames) -> None:
        """Send frames that were made once for all who get them."""

    def at_end(self, callback: Callable[[], None]) -> None:
        """Call back when the connection has ended."""

    def refuse(self, refusal: Refused, client_id: str | None) -> None: ...
    def spend(self, messages: int) -> None:
        """Count so many more messages of this socket; raise Flooding beyond its rate."""

    def look(self, *, paused: bool) -> None:
        """Get no pixels from now on, or get them again, those that were missed first."""

    def rename(self, name: str) -> None:
        """List a guest under another name from now on."""


PEOPLE_COST = 9  # messages that one list of people counts for, besides itself: 2 lists a second

# May raise Refused, which the client gets as an `error` with its id. Must not block.
Handler = Callable[[Client, Mapping[str, Any]], None]


def ping(client: Client, message: Mapping[str, Any]) -> None:
    client.say(events.pong(client.seq))


def pixel_update(client: Client, message: Mapping[str, Any]) -> None:
    """Place a pixel; the answer follows when it is committed.

    The next command does not wait for that, so pixels that a person draws in quick succession share
    a commit.
    """
    access.require_may_draw(client.person)
    order = Order(client.person, parsing.parse_draw(message))
    placing = client.pod.writer.submit(client.slug, order)
    placing.add_done_callback(partial(_acknowledge, client, order))


def _acknowledge(client: Client, order: Order, placing: asyncio.Future[Placed]) -> None:
    try:
        placed = placing.result()
    except Refused as refusal:
        client.refuse(refusal, order.draw.id)
        return
    client.rename(order.username)
    allowance = Allowance(placed.cooldown_ms, placed.charges_left)
    client.say(events.ack(order.draw.id, placed.meta, placed.pixel, allowance))


def people(client: Client, message: Mapping[str, Any]) -> None:
    """List 200 people: an answer as large as many of the others."""
    offset = parsing.parse_offset(message.get("offset"))
    client.spend(PEOPLE_COST)
    client.say(client.pod.list_people(offset))


def view(client: Client, message: Mapping[str, Any]) -> None:
    """Stop sending pixels to a hidden page, or go on where it stopped."""
    client.look(paused=parsing.parse_flag(message.get("paused"), "paused"))


HANDLERS: dict[str, Handler] = {
    "pixel_update": pixel_update,
    "ping": ping,
    "people": people,
    "view": view,
}


def register(kind: str, handler: Handler) -> None:
    """Add a command of an app above canvas; raise ValueError where the type is taken."""
    if kind in HANDLERS:
        raise ValueError(f"there is a command {kind!r} already")
    HANDLERS[kind] = handler
