"""uvicorn's WebSocket protocol, with bounds on what one client can make it read and hold."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request

from canvas import metrics
from canvas.protocol import extensions
from canvas.protocol.close_codes import CloseCode
from pixelsite.server.transports import reset
from runtime.token_bucket import TokenBucket

CLOSE_TIMEOUT = 2.0  # seconds that a closed socket has to take the close frame and to go
FRAMES_PER_SECOND = 60.0  # of any kind: three times the messages that a client may send
FRAMES_AT_ONCE = 600.0
MAX_FRAGMENTS = 256  # of one message
PIECE = 4096  # bytes parsed at a time: 682 frames at most, before they are counted


class BoundedWebSocket(WebSocketsSansIOProtocol):
    """A WebSocket that reads no faster than its client may speak, and ends when it is closed.

    uvicorn bounds messages, but neither control frames nor fragments; it answers pings of a client
    that does not read, closes a transport only when its buffer is empty, and says nothing to a
    handshake that it cannot read. It also keeps the headers of the handshake for as long as the
    socket is open (4 KB); here they go once it is accepted.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.close_timeout = CLOSE_TIMEOUT
        self._budget = TokenBucket(FRAMES_PER_SECOND, FRAMES_AT_ONCE)
        self._ending: asyncio.TimerHandle | None = None
        self._on_open: Callable[[bool], None] | None = None

    # --- reading

    def data_received(self, data: bytes) -> None:
        for piece in _pieces(data):
            if self.close_sent or self.transport.is_closing():
                break
            self._receive(piece)

    def _receive(self, data: bytes) -> None:
        self.conn.receive_data(data)
        if not self._budget.take(len(self.conn.events)):
            self._end_flood()
        elif self.conn.parser_exc is not None:
            self.handle_parser_exception()
        elif self.conn.handshake_exc is not None:
            self._refuse_handshake()
        else:
            self.handle_events()
            if len(self.frames) > MAX_FRAGMENTS:
                self._end_flood()

    def send_receive_event_to_app(self) -> None:
        """Hand a message over; close a socket whose text is no UTF-8."""
        if self.curr_msg_data_type == "text":
            try:
                self.frames = [b"".join(self.frames)]
                self.frames[0].decode()
            except UnicodeDecodeError:
                self.conn.fail(1007, "not UTF-8")
                self.handle_parser_exception()
                return
        super().send_receive_event_to_app()

    def pause_writing(self) -> None:
        """Stop reading: each frame may cause an answer, and those wait here."""
        super().pause_writing()
        self._tell_open()
        self._pause_reading()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._tell_open()
        if not (self.read_paused or self.close_sent or self.transport.is_closing()):
            self.transport.resume_reading()

    async def receive(self) -> Any:
        message = await super().receive()
        if not self.writable.is_set():
            self._pause_reading()
        return message

    def _pause_reading(self) -> None:
        if not self.transport.is_closing():
            self.transport.pause_reading()

    # --- writing

    def handle_connect(self, event: Request) -> None:
        """Offer the application to write frames that it has made itself."""
        super().handle_connect(event)
        if not self.close_sent:
            offer: dict[object, object] = {
                "write": self.transport.write,
                "watch": self._watch,
            }
            self.scope["extensions"][extensions.FRAMES] = offer

    def _watch(self, on_open: Callable[[bool], None]) -> None:
        self._on_open = on_open
        self._tell_open()

    def _tell_open(self) -> None:
        """Tell the application whether it may write now: not while uvicorn would not either."""
        if self._on_open is not None:
            closed = self.close_sent or self.disconnected or self.transport.is_closing()
            self._on_open(not closed and self.writable.is_set())

    # --- the end

    def _end_flood(self) -> None:
        metrics.cut.labels("flooding").inc()
        self.conn.data_to_send()  # pongs, which this client has no right to
        self.frames = []
        self.conn.fail(int(CloseCode.FLOODING), "flooding")
        self.handle_parser_exception()

    def handle_parser_exception(self) -> None:
        """Send the close frame, and read no more.

        The transport stays for a moment: with unread data in the kernel a close would be a reset,
        and the client would not see the frame.
        """
        sent = self.conn.close_sent
        code, reason = (sent.code, sent.reason) if sent else (1006, "")
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
        self._write_last()
        self.close_timer = self._ending  # uvicorn closes no transport before that

    def _refuse_handshake(self) -> None:
        """Answer a request that is no handshake, as one with too long a line."""
        if not self.conn.writes[0]:
            self.conn.writes.insert(
                0, self.conn.reject(400, "Not a WebSocket handshake.").serialize()
            )
        self.queue.put_nowait({"type": "websocket.disconnect", "code": 1006})
        self.handshake_complete = True
        self._write_last()

    def _write_last(self) -> None:
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self._tell_open()
        self._pause_reading()
        self._end_soon()

    def _end_soon(self) -> None:
        """Give the client CLOSE_TIMEOUT to go, whether or not it takes what is on the way."""
        if self._ending is None and not self.disconnected:
            self._ending = self.loop.call_later(CLOSE_TIMEOUT, self._abort)

    def _abort(self) -> None:
        if self.transport.get_write_buffer_size():
            metrics.cut.labels("close_deadline").inc()
        reset(self.transport)

    async def send(self, message: Any) -> None:
        if message["type"] == "websocket.close":
            self._end_soon()
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True  # uvicorn takes a refusal with a body for no answer
        if self.close_sent:
            self._tell_open()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        self._end_soon()

    def handle_close(self, event: Frame) -> None:
        super().handle_close(event)
        self._tell_open()

    def shutdown(self) -> None:
        super().shutdown()
        self._tell_open()
        self._end_soon()

    def start_keepalive(self) -> None:
        """Drop the headers; uvicorn calls this once, when the socket is accepted."""
        super().start_keepalive()
        for message in (self.request, self.response):
            message.headers.clear()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._tell_open()
        self._end_soon()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._ending is not None:
            self._ending.cancel()
        super().connection_lost(exc)
        self._tell_open()
        self._on_open = None


def _pieces(data: bytes) -> Iterator[bytes]:
    return (data[start : start + PIECE] for start in range(0, len(data), PIECE))
