"""One person's WebSocket on a canvas: says hello, and answers each message."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from accounts.people import Person
from canvas import access, metrics, protocol, rules
from canvas.batch import Order, Placed
from canvas.bucket import Bucket
from canvas.errors import Flooding, Refused
from canvas.gateway import Gateway
from canvas.outbox import Frames
from canvas.room import Socket
from canvas.stream import Stream

Receive = Callable[[], Awaitable[Mapping[str, Any]]]

CLOSE_FLOODING = 4429

MESSAGES_PER_SECOND = 20.0  # from one socket: more than any hand draws
MESSAGES_AT_ONCE = 60.0
FLOOD = 200  # messages over that rate, in a row, until the socket is closed

NOWHERE = -1  # a position that no memory holds: whoever resumes from it is told to resync


class Session:
    """A socket on a canvas, from joining to leaving."""

    __slots__ = (
        "_bucket",
        "_excess",
        "_here",
        "_name",
        "_person",
        "_pod",
        "_slug",
        "_socket",
        "_stream",
    )

    def __init__(self, pod: Gateway, stream: Stream, socket: Socket, person: Person) -> None:
        self._pod = pod
        self._stream = stream
        self._slug = stream.meta.slug
        self._socket = socket
        self._person = person
        self._name = person.name
        self._bucket = Bucket(MESSAGES_PER_SECOND, MESSAGES_AT_ONCE)
        self._excess = 0
        self._here = False

    async def run(self, since: str | None, receive: Receive) -> None:
        """Until the client goes, or is gone."""
        await self._join(since)
        self._pod.presence.enter(self._name)
        self._here = True
        try:
            while (message := await receive())["type"] == "websocket.receive":
                self._take(message.get("text"))
        finally:
            self._here = False
            self._pod.hub.leave(self._slug, self._socket)
            self._pod.presence.leave(self._name)

    async def _join(self, since: str | None) -> None:
        """Say hello, then all that follows `since`; without it, all that follows hello's seq."""
        stream, outbox = self._stream, self._socket.outbox
        stamina = await self._pod.reception.stamina(stream.meta, self._person)
        refusal: Refused | None = None
        position: int | None = None
        try:
            position = None if since is None else await self._position(since)
        except Refused as error:
            refusal, position = error, NOWHERE
        hello = protocol.hello(stream.meta, stream.last, self._name, self._pod.pod_id)
        person = {
            "guest": self._person.is_guest,
            "retry_after_ms": stamina.cooldown_ms,
            "charges_left": stamina.charges_left,
        }
        outbox.put(Frames.of_text(protocol.encode({**hello, **person})))
        if refusal is not None:
            outbox.put(error_frames(refusal))
        self._pod.hub.join(stream, self._socket, stream.last if position is None else position)

    async def _position(self, since: str) -> int:
        """Where a client resumes; raise Invalid for what cannot be a position on this canvas."""
        seq = rules.parse_seq(since)
        if seq > self._stream.last:  # another pod may have told of what this one has yet to hear
            await self._pod.relay.catch_up(self._stream)
        rules.check_position(seq, self._stream.last)
        return seq

    def _take(self, text: str | None) -> None:
        """Answer one message of the client, with `ack`, `pong` or `error`.

        A placement is answered when it is committed. The next message does not wait for that: what
        somebody draws in quick succession shares a commit.
        """
        operation: str | None = None
        allowed = self._allow()
        try:
            message = protocol.parse_client_frame(text)
            operation = rules.parse_operation_id(message.get("id"))
            if not allowed:
                raise Flooding
            if message["type"] == "ping":
                self._say({"type": "pong", "seq": self._stream.last})
            else:
                self._place(message)
        except Refused as refusal:
            self._refuse(refusal, operation)

    def _place(self, message: Mapping[str, Any]) -> None:
        access.require_may_draw(self._person)
        order = Order(self._person, rules.parse_draw(message))
        placing = self._pod.writer.submit(self._slug, order)
        placing.add_done_callback(partial(self._acknowledge, order))

    def _acknowledge(self, order: Order, placing: asyncio.Future[Placed]) -> None:
        try:
            placed = placing.result()
        except Refused as refusal:
            self._refuse(refusal, order.draw.id)
            return
        self._rename(order.username)
        self._say(
            {
                "type": "ack",
                "id": order.draw.id,
                "seq": placed.pixel.seq,
                "cooldown_ms": placed.cooldown_ms,
                "charges_left": placed.charges_left,
            }
        )

    def _refuse(self, refusal: Refused, operation: str | None) -> None:
        metrics.refusals.labels(refusal.code).inc()
        self._send(error_frames(refusal, operation))

    def _rename(self, name: str) -> None:
        """A guest who is still here is listed under the name that the guest draws with."""
        if name != self._name and self._here:
            self._pod.presence.rename(self._name, name)
            self._name = name

    def _allow(self) -> bool:
        """Whether this message is within the rate; a socket that never is gets closed."""
        if self._bucket.take():
            self._excess = 0
            return True
        self._excess += 1
        if self._excess >= FLOOD:
            self._socket.outbox.close(CLOSE_FLOODING, "flooding")
        return False

    def _say(self, event: Mapping[str, Any]) -> None:
        self._send(Frames.of_text(protocol.encode(event)))

    def _send(self, frames: Frames) -> None:
        self._pod.hub.send(self._slug, self._socket, frames)


def error_frames(refusal: Refused, operation: str | None = None) -> Frames:
    event = {"type": "error", "id": operation, **refusal.as_dict()}
    return Frames.of_text(protocol.encode(event))
