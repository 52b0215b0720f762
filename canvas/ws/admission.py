"""The admission of a socket: who the person is, whether it may come in, what it holds."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from accounts import people, tokens
from accounts.addresses import address_of_scope, networks_of
from accounts.errors import TokenInvalid
from accounts.models import Expulsion
from accounts.open_sockets import OpenSocket
from accounts.people import Person
from accounts.pseudonyms import pseudonym
from accounts.sessions import Login, Ticket
from canvas import access
from canvas.domain import parsing
from canvas.pod.outbox import Outbox
from canvas.pod.pod import Pod
from canvas.pod.room import Socket
from canvas.pod.stream import Stream
from canvas.protocol.close_codes import CloseCode
from runtime.threads import WATCH

Scope = Mapping[str, Any]


class Identity(NamedTuple):
    """The person behind a socket, and the ticket that it came in with."""

    person: Person
    ticket: Ticket


class Admission:
    """A socket that was let in, and all that it holds on the pod until `release`.

    It holds the board in memory, a place in the count of its network and one among the open
    sockets, by which it can be expelled; from `join` on also one in the room of its canvas and one
    in the pod's lease.
    """

    __slots__ = (
        "_holds_board",
        "_id",
        "_name",
        "_networks",
        "_open_socket",
        "_socket",
        "person",
        "pod",
        "slug",
    )

    person: Person

    def __init__(self, pod: Pod, slug: str, networks: Sequence[str]) -> None:
        self.pod = pod
        self.slug = slug
        self._networks = networks
        self._holds_board = False
        self._open_socket: OpenSocket | None = None
        self._socket: Socket | None = None

    @property
    def stream(self) -> Stream:
        """The stream of its canvas as it is now: a rebuilt board has another one."""
        return self.pod.relay.current(self.slug)

    async def hold_board(self) -> None:
        """Keep the board in memory; raise UnknownCanvas, Busy, or DatabaseError."""
        await self.pod.relay.stream(self.slug)
        self.pod.relay.hold(self.slug)
        self._holds_board = True

    def enter(self, open_socket: OpenSocket, expulsion_count: int) -> None:
        """Take a place among the open sockets.

        `expulsion_count` is the count before the person was looked up: one that came since
        expels the socket at once.
        """
        self._open_socket = open_socket
        self.pod.revocations.open_sockets.enter(open_socket, expulsion_count)

    def join(self, socket: Socket, since: int) -> None:
        """Take part: get what follows `since`, and be listed."""
        self.pod.hub.join(self.stream, socket, since)
        self._socket = socket
        self._id, self._name = pseudonym(self.person.id), self.person.name
        self.pod.presence.enter(self._id, self._name)
        self.pod.audience.enter(self.slug, self._id)

    def rename(self, name: str) -> None:
        """List a guest who is still here under the name that the guest draws with.

        Only another name than before on this socket is news: two tabs that draw by turns, each
        under its own, do not rename their person with each pixel.
        """
        if self._socket is not None and name != self._name:
            self._name = name
            self.pod.presence.rename(self._id, name)

    def release(self) -> None:
        """Give back all that is held."""
        self.pod.socket_counts.leave(self._networks)
        if self._open_socket is not None:
            self.pod.revocations.open_sockets.leave(self._open_socket)
        if self._socket is not None:
            self.pod.hub.leave(self.slug, self._socket)
            self.pod.presence.leave(self._id)
            self.pod.audience.leave(self.slug, self._id)
            self._socket = None
        if self._holds_board:
            self._holds_board = False
            self.pod.relay.let_go(self.slug)


async def admit(scope: Scope, pod: Pod, outbox: Outbox) -> Admission:
    """Let a socket in. Raise Refused or DatabaseError; nothing is held then.

    The outbox is closed when the person has to leave: banned, logged out, account deleted.
    """
    address = address_of_scope(scope)
    networks = networks_of(address)
    expulsion_count = pod.revocations.open_sockets.expulsion_count  # later ones are not missed
    slug = parsing.parse_slug(scope["url_route"]["kwargs"].get("slug"))
    names = [each.network for each in networks]
    admission = Admission(pod, slug, names)
    try:
        counts = await pod.socket_counts.enter(names)  # counted before it waits
        if address:
            for count, share in zip(counts, networks, strict=True):
                access.require_room(count, share.factor)
        await admission.hold_board()
        identity = await _identify(scope, pod, address)
        admission.person = identity.person
        admission.enter(_open_socket(identity, address, outbox), expulsion_count)
    except BaseException:
        admission.release()
        raise
    return admission


class Position(NamedTuple):
    """The seq that a client resumes from, and the epoch that counts it; as sent, unchecked."""

    since: str | None
    epoch: str | None


def position_of(scope: Scope) -> Position:
    """Return the position that the client names; None for what it does not name."""
    query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return Position(query.get("since", [None])[-1], query.get("epoch", [None])[-1])


async def _identify(scope: Scope, pod: Pod, address: str) -> Identity:
    """Identify the person; raise Refused for one who may not watch."""
    session = scope["cookies"].get(settings.SESSION_COOKIE_NAME, "")
    login, bans = await pod.arrivals.look_up(session)
    secret = tokens.read_header(_header(scope, b"authorization"))
    if secret is None:
        identity = _identify_browser(scope, login, address)
    else:
        identity = await _identify_program(secret, address)
    access.require_scope(identity.person, "read")
    access.require_not_banned(identity.person, bans)
    return identity


def _identify_browser(scope: Scope, login: Login | None, address: str) -> Identity:
    user, ticket = login or (AnonymousUser(), Ticket(frozenset()))
    person = people.identify(user, scope["cookies"], address)
    return Identity(person, ticket._replace(keys=ticket.keys | {person.id}))


async def _identify_program(secret: str, address: str) -> Identity:
    token = await WATCH.run(tokens.find, secret)
    if token is None:
        raise TokenInvalid
    person = people.identify_program(token, address)
    return Identity(person, Ticket(frozenset([person.id, tokens.key_of(token.pk)])))


def _open_socket(identity: Identity, address: str, outbox: Outbox) -> OpenSocket:
    ticket = identity.ticket
    expel = partial(_expel, outbox)
    return OpenSocket(ticket.keys, address, expel, ticket.session, ticket.ends_at)


def _expel(outbox: Outbox, kind: str) -> None:
    banned = kind == Expulsion.BANNED
    outbox.close(CloseCode.BANNED if banned else CloseCode.LOGGED_OUT, kind)


def _header(scope: Scope, name: bytes) -> str:
    value: bytes = dict(scope["headers"]).get(name, b"")
    return value.decode("latin-1")
