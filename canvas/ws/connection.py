"""One WebSocket on a canvas: says hello, and answers each message of its client."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from accounts.people import Person
from canvas import metrics
from canvas.domain import parsing, rules
from canvas.domain.errors import Flooding
from canvas.pod.outbox import Frames
from canvas.pod.pod import Pod
from canvas.pod.room import Socket
from canvas.pod.stream import Stream
from canvas.protocol import events
from canvas.protocol.close_codes import CloseCode
from canvas.protocol.commands import parse_command
from canvas.protocol.events import Event
from canvas.ws import commands
from canvas.ws.admission import Admission, Position
from runtime.errors import Refused
from runtime.token_bucket import TokenBucket

Receive = Callable[[], Awaitable[Mapping[str, Any]]]

MESSAGES_PER_SECOND = 20.0  # from one socket: more than any hand draws
MESSAGES_AT_ONCE = 60.0
MAX_EXCESS = 200.0  # messages over that rate, until the socket is closed

NO_POSITION = -1  # a position that no memory holds: a client that resumes from it is told to resync


class Connection:
    """A socket that was admitted, for as long as it stays."""

    __slots__ = ("_admission", "_bucket", "_endings", "_socket")

    def __init__(self, admission: Admission, socket: Socket) -> None:
        self._admission = admission
        self._socket = socket
        self._bucket = TokenBucket(MESSAGES_PER_SECOND, MESSAGES_AT_ONCE)
        self._endings: tuple[Callable[[], None], ...] = ()

    @property
    def pod(self) -> Pod:
        return self._admission.pod

    @property
    def person(self) -> Person:
        return self._admission.person

    @property
    def slug(self) -> str:
        return self._admission.slug

    @property
    def seq(self) -> int:
        return self._stream.last

    @property
    def _stream(self) -> Stream:
        return self._admission.stream

    async def run(self, position: Position, receive: Receive) -> None:
        """Serve the client until it goes, or is gone; then release all that it holds."""
        try:
            await self._join(position)
            while (message := await receive())["type"] == "websocket.receive":
                self._answer(message.get("text"))
        finally:
            for callback in self._endings:
                callback()
            self._admission.release()

    async def _join(self, position: Position) -> None:
        """Say hello, then all that follows the position; without one, all that follows hello."""
        allowance = await self.pod.arrivals.allowance(self._stream.meta, self.person)
        refusal: Refused | None = None
        since: int | None = None
        try:
            since = await self._since(position)
        except Refused as error:
            refusal, since = error, NO_POSITION
        stream, outbox = self._stream, self._socket.outbox
        hello = events.hello(
            stream.meta,
            stream.last,
            self.pod.pod_id,
            self.person.name,
            guest=self.person.is_guest,
            allowance=allowance,
        )
        outbox.put(Frames.of_events(hello).as_answer())
        if refusal is not None:
            outbox.put(error_frames(refusal).as_answer())
        self._admission.join(self._socket, stream.last if since is None else since)

    async def _since(self, position: Position) -> int | None:
        """Return the seq that a client resumes from, None for now; raise Invalid.

        With an epoch, a position of another past, or one that the ledger has lost, is no error:
        the client is told to resync.
        """
        if position.since is None:
            return None
        seq = parsing.parse_seq(position.since)
        epoch = None if position.epoch is None else parsing.parse_seq(position.epoch, "epoch")
        if epoch is not None and epoch != self._stream.meta.epoch:
            return NO_POSITION
        if seq > self._stream.last:  # another pod may have told of what this one has yet to hear
            await self.pod.relay.catch_up(self._stream)
        if epoch is not None and seq > self._stream.last:
            return NO_POSITION
        rules.check_position(seq, self._stream.last)
        return seq

    # --- the client's commands

    def _answer(self, text: str | None) -> None:
        """Answer one message of the client, now or when it is carried out."""
        client_id: str | None = None
        allowed = self._allow()
        try:
            message = parse_command(text, commands.HANDLERS)
            client_id = parsing.parse_client_id(message.get("id"))
            if not allowed:
                raise Flooding
            commands.HANDLERS[message["type"]](self, message)
        except Refused as refusal:
            self.refuse(refusal, client_id)

    def _allow(self) -> bool:
        """Tell whether this message is within the rate; close a socket that is far beyond it.

        A refused message counts as well, so a client that goes on too fast is closed in the end,
        however little it is too fast.
        """
        if not self._bucket.take(debt=MAX_EXCESS):
            self._socket.outbox.close(CloseCode.FLOODING, "flooding")
            return False
        return not self._bucket.in_debt

    def spend(self, messages: int) -> None:
        if not self._bucket.take(messages):
            raise Flooding

    def say(self, event: Event) -> None:
        self.send(Frames.of_events(event))

    def refuse(self, refusal: Refused, client_id: str | None) -> None:
        metrics.refusals.labels(refusal.code).inc()
        self.send(error_frames(refusal, client_id))

    def look(self, *, paused: bool) -> None:
        hub = self.pod.hub
        (hub.pause if paused else hub.resume)(self.slug, self._socket)

    def rename(self, name: str) -> None:
        self._admission.rename(name)

    def at_end(self, callback: Callable[[], None]) -> None:
        self._endings += (callback,)

    def send(self, frames: Frames) -> None:
        self.pod.hub.send(self.slug, self._socket, frames)


def error_frames(refusal: Refused, client_id: str | None = None) -> Frames:
    return Frames.of_events(events.error(refusal, client_id))
