"""Bounds on the HTTP that the server takes before our code runs, in bytes and in seconds."""

import asyncio
import gc
import json
import socket
import struct
import weakref
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import pytest
import uvloop
from prometheus_client import Counter

from canvas import metrics
from pixelsite.server import http_protocol, stalls, unfinished_requests
from pixelsite.server.production import configuration
from pixelsite.server.stalls import StallWatch
from pixelsite.server.transports import unsent
from tests.support.handshake import upgrade
from tests.support.uvicorn_server import serving

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
PUT = b"PUT /api/pixel HTTP/1.1\r\nHost: localhost\r\n"
MEGABYTE = 2**20
LONG = 50.0  # seconds between two looks by the clock, longer than a test takes


class Echo:
    """An application that answers with what it got, and counts its requests."""

    def __init__(self) -> None:
        self.requests = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.requests += 1
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        got = {"method": scope["method"], "body": body.decode("latin-1"), "headers": headers}
        answer = json.dumps(got).encode()
        length = (b"content-length", str(len(answer)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        await send({"type": "http.response.body", "body": answer})


class Http:
    """One connection of a client."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def send(self, *parts: bytes) -> None:
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()

    async def answer(self) -> tuple[int, dict[str, str], Any]:
        """Return status, headers and JSON body of the next answer."""
        async with asyncio.timeout(20):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
            status, *lines = head.strip().split("\r\n")
            headers = {n.lower(): v for n, _, v in (line.partition(": ") for line in lines)}
            body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        return int(status.split()[1]), headers, json.loads(body) if body else None

    async def gone(self) -> None:
        """Wait until the server has ended the connection."""
        async with asyncio.timeout(20):
            try:
                while await self.reader.read(65536):
                    pass
            except ConnectionError:
                pass


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
async def port(echo: Echo) -> AsyncIterator[int]:
    async with serving(echo) as port:
        yield port


@pytest.fixture
async def connect(port: int) -> AsyncIterator[Any]:
    writers = []

    async def open_connection(limit: int = 2**20) -> Http:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=limit)
        writers.append(writer)
        return Http(reader, writer)

    yield open_connection
    for writer in writers:
        writer.transport.abort()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines that a test can wait for."""
    for name in ("HEAD_TIMEOUT", "BODY_TIMEOUT", "LINGER"):
        monkeypatch.setattr(http_protocol, name, 0.3)
    monkeypatch.setattr(stalls, "INTERVAL", 0.3)


def cut(reason: str) -> float:
    counter: Counter = metrics.cut.labels(reason)
    return float(counter._value.get())


# --- what is valid is served


async def test_requests_follow_one_another_on_a_connection(connect: Any) -> None:
    client = await connect()
    for number in range(3):
        body = b"x" * number
        await client.send(PUT, b"Content-Length: %d\r\n\r\n" % number, body)
        status, _headers, got = await client.answer()
        assert (status, got["method"], got["body"]) == (200, "PUT", body.decode())


async def test_requests_may_come_together(connect: Any) -> None:
    client = await connect()
    chunked = PUT + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    await client.send(GET + PUT + b"Content-Length: 2\r\n\r\nhi" + chunked + GET + PUT[:10])
    answers = [(await client.answer())[2] for _ in range(4)]
    assert [(each["method"], each["body"]) for each in answers] == [
        ("GET", ""),
        ("PUT", "hi"),
        ("PUT", "abc"),
        ("GET", ""),
    ]
    await client.send(PUT[10:] + b"Content-Length: 1\r\n\r\n!")
    assert (await client.answer())[2]["body"] == "!"


@pytest.mark.parametrize(
    "offer",
    ["h2c", "h2c, websocket", "TLS/1.0", "foo/2"],
    ids=lambda offer: offer.partition("/")[0],
)
@pytest.mark.parametrize("chunked", [False, True])
async def test_an_offer_of_another_protocol_keeps_its_body(
    offer: str, chunked: bool, connect: Any, echo: Echo
) -> None:
    """Java's client sends one with each first request."""
    client = await connect()
    head = PUT + f"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: {offer}\r\n".encode()
    head += b"HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\nX-Mine: 1\r\n"
    if chunked:
        parts = [
            head,
            b"Transfer-Encoding: chunked\r\n\r\n",
            b"2\r\n{}",
            b"\r\n1\r\n \r\n0\r\n\r\n",
        ]
    else:
        parts = [head, b"Content-Length: 3\r\n\r\n", b"{}", b" "]
    await client.send(*parts)
    status, _headers, got = await client.answer()
    assert (status, got["body"], got["headers"]["x-mine"]) == (200, "{} ", "1")
    assert echo.requests == 1
    await client.send(GET)
    assert (await client.answer())[0] == 200


async def test_a_socket_does_not_begin_before_the_answer_to_a_request(
    connect: Any, echo: Echo
) -> None:
    client = await connect()
    await client.send(GET + upgrade(("localhost", 80), "/"))
    status, headers, _body = await client.answer()
    assert (status, headers["connection"]) == (200, "close")
    assert await client.reader.read() == b""
    assert echo.requests == 1


async def test_an_offer_in_http_1_0_is_answered_and_the_connection_closed(connect: Any) -> None:
    client = await connect()
    await client.send(b"GET / HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
    assert (await client.answer())[0] == 200
    await client.gone()


async def test_a_chunked_body_has_a_length_for_the_application(connect: Any) -> None:
    client = await connect()
    await client.send(PUT, b"Transfer-Encoding: chunked\r\n\r\n", b"5\r\nhello\r\n", b"0\r\n\r\n")
    got = (await client.answer())[2]
    assert (got["body"], got["headers"]["content-length"]) == ("hello", "5")
    assert "transfer-encoding" not in got["headers"]


async def test_a_client_that_asks_before_its_body_is_told_to_go_on(connect: Any) -> None:
    client = await connect()
    await client.send(PUT, b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    assert (await client.answer())[0] == 100
    await client.send(b"ok")
    assert (await client.answer())[2]["body"] == "ok"


# --- bounds


async def test_a_body_is_bounded_before_it_comes(connect: Any, echo: Echo) -> None:
    client = await connect()
    await client.send(PUT, b"Expect: 100-continue\r\nContent-Length: 300000000\r\n\r\n")
    status, headers, body = await client.answer()
    assert (status, body["code"], headers["connection"]) == (413, "message_too_large", "close")
    assert echo.requests == 0


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_large_body_is_answered_though_it_is_still_on_the_way(
    chunked: bool, connect: Any, echo: Echo
) -> None:
    client = await connect()
    part = b"x" * MEGABYTE
    if chunked:
        await client.send(PUT, b"Transfer-Encoding: chunked\r\n\r\n")
        part = b"100000\r\n" + part + b"\r\n"
    else:
        await client.send(PUT, b"Content-Length: 20971520\r\n\r\n")
    await client.send(*[part] * 20)
    assert (await client.answer())[0] == 413
    assert echo.requests == 0


async def test_a_path_may_have_larger_bodies(connect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pixelsite.server.body_limits.LARGER", {"/api/pixel": 2 * MEGABYTE})
    client = await connect()
    await client.send(PUT, b"Content-Length: 1048576\r\n\r\n", b"x" * MEGABYTE)
    assert len((await client.answer())[2]["body"]) == MEGABYTE


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nX-Large: " + b"x" * MEGABYTE,
        b"GET /" + b"x" * MEGABYTE,
        b"GET / HTTP/1.1\r\n" + b"X: 1\r\n" * 100_000,
        b"GET / HTTP/1.1\r\nX-Large: " + b"x" * 40_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"x" * MEGABYTE,
    ],
    ids=["a header", "an address", "many headers", "a complete head", "a name"],
)
async def test_a_head_is_bounded(head: bytes, connect: Any, echo: Echo) -> None:
    client = await connect()
    await client.send(head)
    status, _headers, body = await client.answer()
    assert (status, body["code"]) == (431, "head_too_large")
    assert echo.requests == 0
    await client.gone()


async def test_many_requests_at_once_wait_in_bounded_number(connect: Any, echo: Echo) -> None:
    client = await connect()
    await client.send(GET * 5000)
    await client.gone()
    assert echo.requests <= http_protocol.MAX_PIPELINED + 1


async def test_what_is_no_request_is_refused(connect: Any, port: int) -> None:
    for nonsense in (
        b"\x16\x03\x01\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    ):
        client = await connect()
        await client.send(nonsense)
        status, _headers, body = await client.answer()
        assert (status, body["code"]) == (400, "request_malformed")


async def test_beyond_all_connections_only_probes_are_answered(
    connect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol.BoundedHttp, "max_connections", 2)
    clients = [await connect() for _ in range(3)]
    await clients[2].send(GET)
    status, headers, body = await clients[2].answer()
    assert (status, body["code"], headers["retry-after"]) == (503, "busy", "1")
    probe = await connect()
    await probe.send(b"GET /healthz HTTP/1.1\r\nHost: 10.0.0.1\r\n\r\n")
    assert (await probe.answer())[0] == 200


async def test_who_waits_longest_gives_way(connect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unfinished_requests, "MAX_UNFINISHED", 3)
    halves = []
    for _ in range(3):
        halves.append(await connect())
        await halves[-1].send(GET[:20])
        await asyncio.sleep(0.05)
    honest = await connect()
    await honest.send(GET)
    assert (await honest.answer())[0] == 200
    assert (await halves[0].answer())[0] == 408
    await halves[2].send(GET[20:])
    assert (await halves[2].answer())[0] == 200


async def test_of_connections_that_were_answered_the_longest_idle_gives_way(
    connect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unfinished_requests, "MAX_UNFINISHED", 3)
    clients = []
    for _ in range(4):
        clients.append(await connect())
        await clients[-1].send(GET)
        assert (await clients[-1].answer())[0] == 200
    await clients[0].gone()
    for client in clients[1:]:
        await client.send(GET)
        assert (await client.answer())[0] == 200


async def test_unfinished_bodies_are_bounded_together(
    connect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unfinished_requests, "MAX_BODIES", 100_000)
    clients = []
    for _ in range(3):
        clients.append(await connect())
        await clients[-1].send(PUT, b"Content-Length: 50000\r\n\r\n", b"x" * 40_000)
        await asyncio.sleep(0.1)
    assert (await clients[0].answer())[0] == 408
    await clients[2].send(b"x" * 10_000)
    assert (await clients[2].answer())[0] == 200


# --- deadlines


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("half", [GET[:-2], PUT + b"Content-Length: 9\r\n\r\nhalf"])
async def test_a_request_that_does_not_end_is_ended(half: bytes, connect: Any) -> None:
    before = cut("request_timeout")
    client = await connect()
    await client.send(half)
    assert (await client.answer())[2]["code"] == "request_timeout"
    await client.gone()
    assert cut("request_timeout") == before + 1


@pytest.mark.slow
@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("head", [b"GET / HTTP/1.1\r\nX: ", PUT + b"Content-Length: 900\r\n\r\n"])
async def test_a_request_that_drips_is_ended_all_the_same(head: bytes, connect: Any) -> None:
    before = cut("request_timeout")
    client = await connect()
    await client.send(head)
    async with asyncio.timeout(20):
        while cut("request_timeout") == before:
            await client.send(b"x")
            await asyncio.sleep(0.05)
    assert (await client.answer())[2]["code"] == "request_timeout"


@pytest.mark.usefixtures("short")
async def test_a_client_that_says_nothing_is_let_go(connect: Any) -> None:
    client = await connect()
    assert await client.reader.read() == b""


@pytest.mark.usefixtures("short")
async def test_empty_lines_keep_no_connection(connect: Any) -> None:
    client = await connect()
    await client.send(GET)
    await client.answer()
    await client.send(b"\r\n")
    await client.gone()


@pytest.mark.slow
@pytest.mark.usefixtures("short")
async def test_a_connection_waits_for_the_next_request_longer_than_proxies_do(
    connect: Any,
) -> None:
    client = await connect()
    await client.send(GET)
    await client.answer()
    await asyncio.sleep(1)
    await client.send(GET)
    assert (await client.answer())[0] == 200
    assert configuration(None, "127.0.0.1", 0).timeout_keep_alive > 60


async def test_a_reset_connection_leaves_nothing_behind(
    connect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[weakref.ref[Any]] = []
    original = http_protocol.BoundedHttp.connection_made

    def note(self: Any, transport: Any) -> None:
        made.append(weakref.ref(self))
        original(self, transport)

    monkeypatch.setattr(http_protocol.BoundedHttp, "connection_made", note)
    client = await connect()
    await client.send(GET)
    await client.answer()
    raw = client.writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.writer.transport.abort()
    async with asyncio.timeout(10):
        while made[0]() is not None:
            await asyncio.sleep(0.05)
            gc.collect()


class InParts:
    """An application that answers in parts, the first and then each other one when it may."""

    def __init__(self) -> None:
        self.asked, self.may_go_on = asyncio.Event(), asyncio.Event()
        self.ended = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked.set()
        await self.may_go_on.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(10):
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
            await asyncio.sleep(0.02)
        await send({"type": "http.response.body", "body": b""})
        self.ended = True


@pytest.mark.slow
def test_a_client_that_goes_before_its_answers_is_no_fault(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """uvicorn marks the newest request of a connection alone, and uvloop's transport minds."""

    async def scenario() -> None:
        application = InParts()
        async with asyncio.timeout(20), serving(application) as port:
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(GET * 2)
            await application.asked.wait()
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            await asyncio.sleep(0.1)
            application.may_go_on.set()
            while not application.ended and not caplog.records:  # noqa: ASYNC110 - either
                await asyncio.sleep(0.02)

    uvloop.run(scenario())
    assert caplog.records == []


class Large:
    """An application that answers with much, in one part or in many."""

    def __init__(self, parts: int) -> None:
        self.parts = parts
        self.ended = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        size = 32 * MEGABYTE
        length = (b"content-length", str(size).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        for number in range(self.parts):
            body = bytes(size // self.parts)
            more = number + 1 < self.parts
            await send({"type": "http.response.body", "body": body, "more_body": more})
        self.ended.set()


@pytest.mark.slow
@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("parts", [1, 64])
async def test_a_client_that_does_not_read_its_answer_is_cut(parts: int) -> None:
    before = cut("stalled")
    application = Large(parts)
    async with serving(application) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # it reads, too
        writer.write(GET)
        async with asyncio.timeout(20):
            await application.ended.wait()
            while cut("stalled") == before:  # noqa: ASYNC110 - a metric tells nobody
                await asyncio.sleep(0.05)
        writer.transport.abort()


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Have the watches look when this is called, and not by the clock; return how many look.

    By the clock a machine that stands still would take a client for one that does not read.
    """
    watches: list[StallWatch] = []
    begin = StallWatch.begin

    def keep(self: StallWatch, interval: float | None = None) -> None:
        watches.append(self)
        begin(self, interval)

    def look() -> int:
        timers = [(watch, watch._timer) for watch in watches if watch._timer is not None]
        for watch, timer in timers:
            timer.cancel()
            watch._look()
        return len(timers)

    monkeypatch.setattr(stalls, "INTERVAL", LONG)
    monkeypatch.setattr(StallWatch, "begin", keep)
    return look


async def test_a_client_that_reads_slowly_gets_all_of_it(look: Callable[[], int]) -> None:
    before = cut("stalled")
    taking = socket.socket()
    taking.setblocking(False)
    # A larger one holds megabytes: what is read then has left the server before the last look.
    taking.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    async with serving(Large(1)) as port:
        await asyncio.get_running_loop().sock_connect(taking, ("127.0.0.1", port))
        reader, writer = await asyncio.open_connection(sock=taking, limit=65536)
        writer.write(GET)
        await reader.readuntil(b"\r\n\r\n")
        for part in range(8):
            await reader.readexactly(4 * MEGABYTE)
            assert look() == 1 or part == 7
        writer.close()
    assert cut("stalled") == before


async def test_a_client_whose_connection_is_slow_is_not_taken_for_one_that_does_not_read(
    look: Callable[[], int],
) -> None:
    """The kernel takes more only when a third of its megabytes is free, so it hides what goes."""
    before = cut("stalled")
    with socket.socket() as taking:
        taking.setblocking(False)
        taking.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        loop = asyncio.get_running_loop()
        async with serving(Large(1)) as port:
            await loop.sock_connect(taking, ("127.0.0.1", port))
            await loop.sock_sendall(taking, GET)
            for _ in range(10):
                taken = 0
                while taken < 2 * LONG * stalls.MIN_RATE:
                    part = await loop.sock_recv(taking, 40_000)
                    assert part
                    taken += len(part)
                assert look() == 1
                assert cut("stalled") == before
            taking.close()


def test_nothing_waits_for_a_connection_that_is_closed() -> None:
    async def scenario() -> int:
        async with serving(Echo()) as port:
            _reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.transport.close()
            await asyncio.sleep(0.05)
            return unsent(writer.transport)  # type: ignore[arg-type]  # it reads, too

    assert uvloop.run(scenario()) == 0


# --- what comes after a body, and what is no request of ours


@pytest.mark.parametrize(
    "trailer", [b"X-Forwarded-For: 203.0.113.9", b"Authorization: Bearer px_1"]
)
async def test_a_trailer_is_no_header(trailer: bytes, connect: Any) -> None:
    client = await connect()
    chunked = PUT + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"
    await client.send(chunked + trailer + b"\r\nHost: elsewhere\r\n\r\n" + GET)
    for body in ("abc", ""):
        got = (await client.answer())[2]
        assert got["body"] == body
        assert got["headers"]["host"] == "localhost"
        assert trailer.partition(b":")[0].decode().lower() not in got["headers"]


@pytest.mark.parametrize(
    "endless", [b"0\r\nX-A: ", b"0\r\n", b"1;a="], ids=["one trailer", "trailers", "extension"]
)
async def test_what_is_sent_around_a_body_is_bounded(
    endless: bytes, connect: Any, echo: Echo
) -> None:
    client = await connect()
    await client.send(PUT, b"Transfer-Encoding: chunked\r\n\r\n", endless)
    line = b"X-A: " + b"a" * 1000 + b"\r\n" if endless.endswith(b"\n") else b"a" * 1000
    before = cut("head_too_large")
    with suppress(ConnectionError):
        await client.send(*[line * 64] * 16)
    status, headers, got = await client.answer()
    assert (status, headers["connection"], got["code"]) == (431, "close", "head_too_large")
    assert cut("head_too_large") == before + 1
    assert echo.requests == 0


async def test_a_body_of_many_small_chunks_is_taken(connect: Any) -> None:
    client = await connect()
    chunks = b"1;name=value\r\nx\r\n" * 20_000
    await client.send(PUT, b"Transfer-Encoding: chunked\r\n\r\n", chunks, b"0\r\n\r\n")
    assert len((await client.answer())[2]["body"]) == 20_000


@pytest.mark.parametrize(
    "request_line",
    [b"CONNECT elsewhere:443 HTTP/1.1", b"PRI * HTTP/2.0", b"GET elsewhere:443 HTTP/1.1"],
)
async def test_a_request_to_a_proxy_is_refused(
    request_line: bytes, connect: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client = await connect()
    await client.send(request_line + b"\r\nHost: elsewhere\r\n\r\n")
    status, _headers, got = await client.answer()
    assert (status, got["code"]) == (400, "request_malformed")
    assert not caplog.records


async def test_cookies_in_several_lines_are_one(connect: Any) -> None:
    """A proxy may hand on those of HTTP/2 as they came."""
    client = await connect()
    await client.send(GET[:-2], b"Cookie: a=1\r\nX: y\r\ncookie: b=2; c=3\r\n\r\n")
    status, _headers, got = await client.answer()
    assert (status, got["headers"]["cookie"]) == (200, "a=1; b=2; c=3")
    assert got["headers"]["x"] == "y"


@pytest.mark.parametrize("offer", [b"", b"Upgrade: websocket\r\nConnection: Upgrade\r\n"])
@pytest.mark.parametrize(
    "twice",
    [
        b"Host: localhost\r\n",
        b"Origin: http://localhost\r\nOrigin: http://elsewhere\r\n",
        b"Authorization: Bearer a\r\nX: y\r\nauthorization: Bearer b\r\n",
    ],
)
async def test_who_asks_is_told_once(twice: bytes, offer: bytes, connect: Any, echo: Echo) -> None:
    client = await connect()
    await client.send(GET[:-2], twice, offer, b"\r\n")
    status, _headers, got = await client.answer()
    assert (status, got["code"]) == (400, "request_malformed")
    assert echo.requests == 0


@pytest.mark.slow
async def test_a_server_that_stops_does_not_wait_for_a_client_that_does_not_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    handed_over = asyncio.Event()

    async def large(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": bytes(32 * MEGABYTE)})
        handed_over.set()

    server = serving(large)
    port = await server.__aenter__()
    _reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    writer.write(GET)
    async with asyncio.timeout(20):
        await handed_over.wait()
    await server.__aexit__(None, None, None)
    writer.transport.abort()
    assert "timeout graceful shutdown exceeded" not in caplog.text
