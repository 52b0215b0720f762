"""uvicorn's HTTP protocol, with bounds and deadlines that hold before any code of ours runs."""

import asyncio
from typing import Any, NoReturn

import httptools
import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from canvas import metrics
from canvas.domain.errors import Busy, TooLarge
from canvas.protocol import extensions
from pixelsite.errors import HeadTooLarge, Malformed, TooSlow
from pixelsite.observe.paths import PROBES
from pixelsite.server import header_lines
from pixelsite.server.body_limits import body_limit
from pixelsite.server.stalls import StallWatch
from pixelsite.server.transports import reset
from pixelsite.server.unfinished_requests import Unfinished
from runtime.errors import Refused

MAX_HEAD = 32 * 1024  # bytes of the request line and all headers; of what follows a body, too
MAX_HEADERS = 200
MAX_PIPELINED = 16  # requests that wait for the answer to one before
HEAD_TIMEOUT = 10.0  # seconds that a head may take, from its first byte or from the connection
BODY_TIMEOUT = 30.0  # seconds that a body may take
LINGER = 2.0  # seconds in which a client that is refused may read why
MAX_CONNECTIONS = 20_000  # of a pod, WebSockets too; beyond, only probes are answered
LAST = b"connection", b"close"
OFFERS = (b"upgrade", b"connection", b"http2-settings")

unfinished = Unfinished()


class BoundedHttp(HttpToolsProtocol):
    """HTTP/1.1 that starts the application when a request is complete, and not before.

    uvicorn starts it at the end of the head, has no bound on a head or a body and no deadline for
    either, takes trailers for headers, drops the body of a request that offers another protocol
    (`Upgrade: h2c`), and keeps the last request of a connection that was reset for as long as its
    keep-alive.
    """

    max_connections = MAX_CONNECTIONS  # fewer where fewer files may be open
    # Each answer is the last of its connection then: on one that it keeps a proxy could send a
    # request in the moment that the pod closes it, which is a 502 for what may not be sent twice.
    is_draining = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._held: Any = None  # the application of a request whose body is on the way
        self._answered: Any = None  # the cycle whose answer is under way
        self._head = 0  # bytes of a head that is not complete
        self._in_body = False
        self._around = 0  # bytes since the last of the body: lengths of chunks, trailers
        self._body_limit = 0
        self._declines = False  # an offer of a protocol that is not ours
        self._fault: Refused | None = None  # why the parser was stopped
        self._refused = False
        self._deadline: asyncio.TimerHandle | None = None

    # --- the connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._stalls = StallWatch(transport, self._end_stalled)
        self._wait(HEAD_TIMEOUT)

    def connection_lost(self, exc: Exception | None) -> None:
        self._leave()
        self._stalls.end()
        self._unset_keepalive_if_required()  # uvicorn does so for a clean end only
        if self._answered is not None:  # uvicorn tells the newest request only
            self._answered.disconnected = True
            self._answered.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._refused:
            return  # thrown away, so that the client gets to reading the answer
        self._unset_keepalive_if_required()
        if self._in_body:
            self._around += len(data)
        else:
            self._head += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self._refuse(self._fault or Malformed("This is no HTTP request."))
        else:
            if max(self._head, self._around) > MAX_HEAD:
                self._refuse(HeadTooLarge(MAX_HEAD))
            if self._deadline is None and self._answered is None and not self._refused:
                self._wait(HEAD_TIMEOUT)

    def handle_websocket_upgrade(self) -> None:
        self._leave()
        self._stalls.end()
        super().handle_websocket_upgrade()

    def _upgrade(self, rest: bytes) -> None:
        """Change to WebSocket, or go on in HTTP/1.1: an offer of another protocol binds nobody.

        The parser takes what follows for that other protocol, so it gets the request once more,
        without the offer.
        """
        if not self._declines:
            if self._answered is None:
                self.handle_websocket_upgrade()
            else:  # its answer would come among the frames
                self._refuse(Malformed("Wait for answers."))
            return
        self._declines = False
        version = self.parser.get_http_version().encode()
        lines = [self.parser.get_method() + b" " + self.url + b" HTTP/" + version]
        lines += [name + b": " + value for name, value in self.headers if name not in OFFERS]
        self.parser = httptools.HttpRequestParser(self)
        self.data_received(b"\r\n".join([*lines, b"", b""]) + rest)

    # --- one request, as the parser finds it

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {extensions.ABORT: {"abort": self._abort}}
        if self._answered is None:
            self._wait(HEAD_TIMEOUT)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; drop a trailer, which follows a body and of which no proxy has told us."""
        if self._in_body:
            return
        super().on_header(name, value)
        if len(self.headers) > MAX_HEADERS:
            self._stop(HeadTooLarge(MAX_HEAD))

    def on_headers_complete(self) -> None:
        self._head, self._around, self._in_body = 0, 0, True
        if self.parser.get_method() == b"CONNECT":
            self._stop(Malformed("This is no proxy."))
        if len(self.url) + sum(len(n) + len(v) + 4 for n, v in self.headers) > MAX_HEAD:
            self._stop(HeadTooLarge(MAX_HEAD))
        try:
            header_lines.settle(self.headers)
        except Malformed as refusal:
            self._stop(refusal)
        if (
            len(self.connections) > self.max_connections
            and self.url.decode("latin-1") not in PROBES
        ):
            self._stop(Busy("This pod has all the connections that it can take."))
        if self.parser.should_upgrade() and not self._should_upgrade():
            self._declines = True
            return
        if len(self.pipeline) >= MAX_PIPELINED:
            self._stop(Malformed("Wait for answers."))
        if not self.parser.should_upgrade():
            self._expect_body()
        super().on_headers_complete()

    def _expect_body(self) -> None:
        self._body_limit = body_limit(self.url.partition(b"?")[0].decode("latin-1"))
        lengths = [value for name, value in self.headers if name == b"content-length"]
        self._check_body(max(map(int, lengths), default=0))
        self._set_deadline(BODY_TIMEOUT)

    def on_body(self, body: bytes) -> None:
        self._around = 0
        if not self._declines:
            self._check_body(len(self.cycle.body) + len(body))
            self.cycle.body += body
            unfinished.grow(self, len(body))

    def on_message_complete(self) -> None:
        self._in_body, self._around = False, 0
        if self._declines or self.parser.should_upgrade():
            return
        super().on_message_complete()
        self._leave()
        self._name_length()
        if self._held is not None:
            application, self._held = self._held, None
            self._start_asgi_task(self.cycle, application)

    def _name_length(self) -> None:
        """Give a chunked body a length, without which Django takes it for empty."""
        coding = next((each for each in self.headers if each[0] == b"transfer-encoding"), None)
        if coding is not None:
            self.headers.remove(coding)
            self.headers.append((b"content-length", str(len(self.cycle.body)).encode()))

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        if not cycle.more_body:
            if self.is_draining:
                cycle.default_headers = [*cycle.default_headers, LAST]
            self._answered = cycle
            super()._start_asgi_task(cycle, app)
            return
        self._held = app
        if cycle.waiting_for_100_continue:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            cycle.waiting_for_100_continue = False

    def on_response_complete(self) -> None:
        self._answered = None
        if self._deadline is None:
            unfinished.add(self)
        super().on_response_complete()
        if self.transport.is_closing():
            self._stalls.begin()

    # --- refusals

    def _check_body(self, size: int) -> None:
        if size > self._body_limit:
            self._stop(TooLarge(f"A body has at most {self._body_limit} bytes.", field="message"))

    def _stop(self, refusal: Refused) -> NoReturn:
        """Stop the parser; `data_received` sends the refusal."""
        self._fault = refusal
        raise refusal

    def _refuse(self, refusal: Refused) -> None:
        """Answer a request that does not come as far as the application, and read no other."""
        metrics.cut.labels(refusal.code).inc()
        self._refused = True
        self._leave()
        self._held = None
        self.pipeline.clear()
        if self._answered is not None:
            self._answered.keep_alive = False  # to a request before; it is the last one
            return
        self.transport.write(self._answer(refusal))
        self.transport.write_eof()
        self._deadline = self.loop.call_later(LINGER, self._abort)

    def _answer(self, refusal: Refused) -> bytes:
        body = orjson.dumps(refusal.as_dict())
        headers = [
            *self.server_state.default_headers,
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            LAST,
        ]
        if refusal.retry_after is not None:
            headers.append((b"retry-after", refusal.retry_after.encode()))
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in headers)
        return STATUS_LINE[refusal.status] + lines + b"\r\n" + body

    # --- deadlines

    def _wait(self, seconds: float) -> None:
        """Give the client so long for the next part of a request."""
        unfinished.add(self)
        self._set_deadline(seconds)

    def _set_deadline(self, seconds: float) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, self._end_slow)

    def _leave(self) -> None:
        """Wait for nothing more from this client."""
        unfinished.remove(self)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def give_way(self) -> None:
        self._end_slow()

    def _end_slow(self) -> None:
        """End a request that does not come, or a connection that has none."""
        self._deadline = None
        if self._head or self._in_body:
            self._refuse(TooSlow())
        else:
            self._leave()
            self._close()

    def timeout_keep_alive_handler(self) -> None:
        self._leave()
        self._close()

    def shutdown(self) -> None:
        super().shutdown()
        self._stalls.begin(LINGER)

    def _close(self) -> None:
        self.transport.close()
        self._stalls.begin()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalls.begin()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stalls.caught_up()

    def _end_stalled(self) -> None:
        metrics.cut.labels("stalled").inc()
        self._abort()

    def _abort(self) -> None:
        reset(self.transport)
