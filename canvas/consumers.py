"""The WebSocket consumer: lets people in, and finds out who they are and how long they may stay."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from channels.consumer import AsyncConsumer
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import Error as DatabaseError

from accounts import people, tokens
from accounts.addresses import client_address, network_of
from accounts.door import Entry
from accounts.models import Expulsion
from accounts.people import Person
from accounts.sessions import Login, Ticket
from canvas import access, gateway, protocol, rules
from canvas.errors import Banned, LimitReached, Refused, ScopeMissing, TokenInvalid
from canvas.gateway import Gateway
from canvas.outbox import Outbox, Send
from canvas.room import Socket
from canvas.session import CLOSE_FLOODING, Receive, Session, error_frames
from canvas.stream import Stream
from canvas.threads import in_database

Scope = dict[str, Any]
Stay = Callable[[], Awaitable[None]]

CLOSE_TRY_LATER = 1013
CLOSE_PROTOCOL = 4400
CLOSE_LOGGED_OUT = 4401
CLOSE_BANNED = 4403

CLOSE_REFUSED: dict[type[Refused], int] = {
    TokenInvalid: CLOSE_LOGGED_OUT,
    ScopeMissing: CLOSE_LOGGED_OUT,
    Banned: CLOSE_BANNED,
    LimitReached: CLOSE_FLOODING,
}


class CanvasConsumer(AsyncConsumer):  # type: ignore[misc]  # Channels has no types
    """Channels routes. Its dispatch is left out: it spends a task and a trip through the database
    thread on every message, and a subscription on every socket.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> Stay | None:
        """Let somebody in; the stay itself is returned, to be awaited outside of the middleware."""
        await receive()  # websocket.connect
        pod = gateway.current()
        binary = protocol.SUBPROTOCOL in scope["subprotocols"]
        subprotocol = protocol.SUBPROTOCOL if binary else None
        # Accepted in any case: a close before that is a bare HTTP 403, without the code.
        await send({"type": "websocket.accept", "subprotocol": subprotocol})
        if pod is None or not pod.admits:
            await send({"type": "websocket.close", "code": CLOSE_TRY_LATER})
            return None
        socket = Socket(Outbox(send), binary=binary)
        visit = Visit(pod, socket, _address(scope))
        if await visit.begin(scope):
            return partial(visit.stay, _query(scope, "since"), receive)
        return None


class Visit:
    """A socket's time on the pod: a seat of its network, an entry at the door, a session."""

    __slots__ = ("_address", "_entry", "_pod", "_session", "_socket")

    def __init__(self, pod: Gateway, socket: Socket, address: str) -> None:
        self._pod = pod
        self._socket = socket
        self._address = address
        self._entry: Entry | None = None
        self._session: Session | None = None

    async def begin(self, scope: Scope) -> bool:
        """Whether it may stay; else the socket is told why, and closed."""
        outbox = self._socket.outbox
        try:
            await self._enter(scope)
        except Refused as refusal:
            outbox.put(error_frames(refusal))
            outbox.close(CLOSE_REFUSED.get(type(refusal), CLOSE_PROTOCOL), refusal.code)
        except DatabaseError:
            outbox.close(CLOSE_TRY_LATER, "no database")
        finally:
            if self._session is None:
                self._leave()
        return self._session is not None

    async def stay(self, since: str | None, receive: Receive) -> None:
        assert self._session is not None  # noqa: S101 - `begin` has said so
        try:
            await self._session.run(since, receive)
        finally:
            self._leave()

    async def _enter(self, scope: Scope) -> None:
        door = self._pod.guard.door
        arrived = door.passed  # whoever is expelled from now on will not stay
        held = await self._pod.headcount.enter(network_of(self._address))
        if self._address:
            access.require_room(held)
        stream, person, ticket = await _admit(self._pod, scope, self._address)
        expel = partial(_expel, self._socket.outbox)
        self._entry = Entry(ticket.keys, self._address, expel, ticket.session, ticket.ends_at)
        door.enter(self._entry, arrived)
        self._session = Session(self._pod, stream, self._socket, person)

    def _leave(self) -> None:
        self._pod.headcount.leave(network_of(self._address))
        if self._entry is not None:
            self._pod.guard.door.leave(self._entry)


def _expel(outbox: Outbox, kind: str) -> None:
    outbox.close(CLOSE_BANNED if kind == Expulsion.BANNED else CLOSE_LOGGED_OUT, kind)


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
    session = scope["cookies"].get(settings.SESSION_COOKIE_NAME, "")
    login, in_force = await pod.reception.look_up(session)
    person, ticket = await _who(scope, login, address)
    access.require_scope(person, "read")
    access.require_not_banned(person, in_force)
    return stream, person, ticket


async def _who(scope: Scope, login: Login | None, address: str) -> tuple[Person, Ticket]:
    """The person behind a socket, and all that it may be expelled as; raise TokenInvalid."""
    secret = tokens.read_header(_header(scope, b"authorization"))
    if secret is None:
        user, ticket = login or (AnonymousUser(), Ticket(frozenset()))
        person = people.identify(user, scope["cookies"], address)
        return person, ticket._replace(keys=ticket.keys | {person.id})
    token = await in_database(tokens.find, secret)
    if token is None:
        raise TokenInvalid
    person = people.identify_program(token, address)
    return person, Ticket(frozenset([person.id, tokens.key_of(token.pk)]))
