"""One WebSocket: reads what the client sends, and lends its outbox to the hub."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from channels.consumer import AsyncConsumer
from django.db import Error as DatabaseError

from accounts import people, tokens
from accounts.addresses import client_address, network_of
from accounts.door import Entry
from accounts.models import Expulsion
from accounts.people import Person
from accounts.sessions import Ticket, ticket_of
from canvas import access, gateway, ledger, metrics, protocol, rules
from canvas.bucket import Bucket
from canvas.errors import Banned, Flooding, LimitReached, Refused, ScopeMissing, TokenInvalid
from canvas.gateway import Gateway
from canvas.ledger import Stamina
from canvas.outbox import Frames, Outbox, Send
from canvas.pace import pace_of
from canvas.room import Socket
from canvas.services import Order
from canvas.stream import Stream
from canvas.threads import in_database

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]

CLOSE_TRY_LATER = 1013
CLOSE_PROTOCOL = 4400
CLOSE_LOGGED_OUT = 4401
CLOSE_BANNED = 4403
CLOSE_FLOODING = 4429

MESSAGES_PER_SECOND = 20.0  # from one socket: more than any hand draws
MESSAGES_AT_ONCE = 60.0
FLOOD = 200  # messages over that rate, in a row, until the socket is closed

CLOSE_REFUSED: dict[type[Refused], int] = {
    TokenInvalid: CLOSE_LOGGED_OUT,
    ScopeMissing: CLOSE_LOGGED_OUT,
    Banned: CLOSE_BANNED,
    LimitReached: CLOSE_FLOODING,
}

NOWHERE = -1  # a position that no memory holds: whoever resumes from it is told to resync


def noting_arrival(application: Any) -> Any:
    """Before anybody looks up who comes: whoever is expelled from now on will not stay."""

    async def arrive(scope: Scope, receive: Receive, send: Send) -> None:
        pod = gateway.current()
        scope["arrived"] = pod.guard.door.passed if pod else 0
        await application(scope, receive, send)

    return arrive


class CanvasConsumer(AsyncConsumer):  # type: ignore[misc]  # Channels has no types
    """Channels routes and authenticates. Its dispatch is left out: it spends a task and a trip
    through the database thread on every message, and a subscription on every socket.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        pod = gateway.current()
        binary = protocol.SUBPROTOCOL in scope["subprotocols"]
        subprotocol = protocol.SUBPROTOCOL if binary else None
        # Accepted in any case: a close before that is a bare HTTP 403, without the code.
        await send({"type": "websocket.accept", "subprotocol": subprotocol})
        if pod is None or not pod.admits:
            await send({"type": "websocket.close", "code": CLOSE_TRY_LATER})
            return
        outbox, address = Outbox(scope.get("direct_send", send)), _address(scope)
        async with pod.headcount.seat(network_of(address)) as held:
            try:
                if address:
                    access.require_room(held)
                stream, person, ticket = await _admit(pod, scope, address)
            except Refused as refusal:
                outbox.put(_error(refusal))
                outbox.close(CLOSE_REFUSED.get(type(refusal), CLOSE_PROTOCOL), refusal.code)
                return
            except DatabaseError:
                outbox.close(CLOSE_TRY_LATER, "no database")
                return
            expel = partial(_expel, outbox)
            entry = Entry(ticket.keys, address, expel, ticket.session, ticket.ends_at)
            pod.guard.door.enter(entry, scope["arrived"])
            try:
                session = Session(pod, stream, Socket(outbox, binary=binary), person)
                await session.run(_query(scope, "since"), receive)
            finally:
                pod.guard.door.leave(entry)


class Session:
    """A socket on a canvas, from joining to leaving."""

    def __init__(self, pod: Gateway, stream: Stream, socket: Socket, person: Person) -> None:
        self._pod = pod
        self._stream = stream
        self._slug = stream.meta.slug
        self._socket = socket
        self._person = person
        self._name = person.name
        self._bucket = Bucket(MESSAGES_PER_SECOND, MESSAGES_AT_ONCE)
        self._excess = 0

    async def run(self, since: str | None, receive: Receive) -> None:
        await self._join(since)
        self._pod.presence.enter(self._name)
        try:
            while (message := await receive())["type"] == "websocket.receive":
                await self._take(message.get("text"))
        finally:
            self._pod.hub.leave(self._slug, self._socket)
            self._pod.presence.leave(self._name)

    async def _join(self, since: str | None) -> None:
        """Say hello, then all that follows `since`; without it, all that follows hello's seq."""
        stream, outbox = self._stream, self._socket.outbox
        stamina = await self._stamina()
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
            outbox.put(_error(refusal))
        self._pod.hub.join(stream, self._socket, stream.last if position is None else position)

    async def _position(self, since: str) -> int:
        """Where a client resumes; raise Invalid for what cannot be a position on this canvas."""
        seq = rules.parse_seq(since)
        if seq > self._stream.last:  # another pod may have told of what this one has yet to hear
            await self._pod.relay.catch_up(self._stream)
        rules.check_position(seq, self._stream.last)
        return seq

    async def _stamina(self) -> Stamina:
        meta = self._stream.meta
        pace = pace_of(meta, guest=self._person.is_guest)
        if pace.cooldown_ms:
            with suppress(DatabaseError):  # watching goes on without a database
                return await in_database(ledger.stamina, meta, self._person.id, pace)
        return Stamina(0, pace.charges)

    async def _take(self, text: str | None) -> None:
        """Answer one message of the client, with `ack`, `pong` or `error`."""
        operation: str | None = None
        allowed = self._allow()
        try:
            message = protocol.parse_client_frame(text)
            operation = rules.parse_operation_id(message.get("id"))
            if not allowed:
                raise Flooding
            self._send(Frames.of_text(protocol.encode(await self._answer(message))))
        except Refused as refusal:
            metrics.refusals.labels(refusal.code).inc()
            self._send(_error(refusal, operation))

    async def _answer(self, message: Mapping[str, Any]) -> dict[str, Any]:
        if message["type"] == "ping":
            return {"type": "pong", "seq": self._stream.last}
        return await self._place(message)

    async def _place(self, message: Mapping[str, Any]) -> dict[str, Any]:
        access.require_may_draw(self._person)
        order = Order(self._person, rules.parse_draw(message))
        placed = await self._pod.writer.place(self._slug, order)
        self._rename(order.username)
        return {
            "type": "ack",
            "id": order.draw.id,
            "seq": placed.pixel.seq,
            "cooldown_ms": placed.cooldown_ms,
            "charges_left": placed.charges_left,
        }

    def _rename(self, name: str) -> None:
        """A guest is listed under the name that the guest draws with."""
        if name != self._name:
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

    def _send(self, frames: Frames) -> None:
        self._pod.hub.send(self._slug, self._socket, frames)


def _expel(outbox: Outbox, kind: str) -> None:
    outbox.close(CLOSE_BANNED if kind == Expulsion.BANNED else CLOSE_LOGGED_OUT, kind)


def _error(refusal: Refused, operation: str | None = None) -> Frames:
    event = {"type": "error", "id": operation, **refusal.as_dict()}
    return Frames.of_text(protocol.encode(event))


def _query(scope: Scope, name: str) -> str | None:
    values = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True).get(name)
    return values[-1] if values else None


def _address(scope: Scope) -> str:
    peer = scope["client"][0] if scope.get("client") else ""
    return client_address(peer, _header(scope, b"x-forwarded-for"))


def _header(scope: Scope, name: bytes) -> str:
    value: bytes = dict(scope["headers"]).get(name, b"")
    return value.decode("latin-1")


async def _admit(pod: Gateway, scope: Scope, address: str) -> tuple[Stream, Person, Ticket]:
    """What a socket is about, whose it is, and how long it may stay; raise Refused."""
    slug = rules.parse_slug(scope["url_route"]["kwargs"].get("slug"))
    stream = await pod.relay.stream(slug)
    person, ticket = await _who(scope, address)
    access.require_scope(person, "read")
    await in_database(access.require_not_banned, person)
    return stream, person, ticket


async def _who(scope: Scope, address: str) -> tuple[Person, Ticket]:
    """The person behind a socket, and all that it may be expelled as; raise TokenInvalid."""
    secret = tokens.read_header(_header(scope, b"authorization"))
    if secret is None:
        person = people.identify(scope["user"], scope["cookies"], address)
        ticket = ticket_of(scope["user"], scope["session"])
        return person, ticket._replace(keys=ticket.keys | {person.id})
    token = await in_database(tokens.find, secret)
    if token is None:
        raise TokenInvalid
    person = people.identify_program(token, address)
    return person, Ticket(frozenset([person.id, tokens.key_of(token.pk)]))
