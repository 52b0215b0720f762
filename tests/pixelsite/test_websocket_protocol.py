"""Bounds on what a client makes the server read, hold and answer on one WebSocket."""

import asyncio
import logging
import socket
from typing import Any

import pytest

from canvas import metrics
from pixelsite.middleware.early_refusals import NulRefuser, no_such_socket
from pixelsite.server import websocket_protocol as module
from tests.support.raw_websocket import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    RawWebSocket,
    frame,
)
from tests.support.uvicorn_server import serving

ESTABLISHED = 1
MANY = 20_000  # frames, more than any client sends at once


@pytest.fixture(autouse=True)
def quick_close(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CLOSE_TIMEOUT", 0.3)


class Listener:
    """An application that accepts, and keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.gone = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] != "websocket.disconnect":
            self.heard.append(message)
        self.heard.append(message)
        self.gone.set()


@pytest.mark.slow
@pytest.mark.parametrize(
    "flood",
    [
        frame(PING) * MANY,
        frame(PING, b"x" * 125) * MANY,
        frame(PONG) * MANY,
        frame(TEXT, b"", fin=False) + frame(CONTINUATION, b"", fin=False) * MANY,
        frame(BINARY, b"x", fin=False) + frame(CONTINUATION, b"x", fin=False) * MANY,
        frame(TEXT, b"{}") * MANY,
        (frame(TEXT, b"{", fin=False) + frame(PING))
        + (frame(CONTINUATION, b"", fin=False) + frame(PING)) * MANY,
    ],
    ids=["pings", "long pings", "pongs", "empty fragments", "fragments", "messages", "a mixture"],
)
async def test_a_flood_of_any_frames_is_closed_by_name(flood: bytes) -> None:
    listener = Listener()
    before = metrics.cut.labels("flooding")._value.get()
    async with serving(listener) as port, RawWebSocket.connect(port) as client:
        client.send(flood)
        assert await client.close_code() == 4429
        async with asyncio.timeout(5):
            await listener.gone.wait()
        assert listener.heard[-1]["code"] == 4429
        await client.gone()
    assert metrics.cut.labels("flooding")._value.get() == before + 1


@pytest.mark.slow
async def test_fragments_that_never_end_a_message_are_bounded_at_any_pace() -> None:
    async with serving(Listener()) as port, RawWebSocket.connect(port) as client:
        client.send(frame(TEXT, b"{", fin=False))
        closing = asyncio.create_task(client.close_code())
        for _ in range(400):
            client.send(frame(CONTINUATION, b"", fin=False))
            await asyncio.sleep(0.005)
        assert await closing == 4429


async def test_a_client_that_behaves_is_served() -> None:
    listener = Listener()
    async with serving(listener) as port, RawWebSocket.connect(port) as client:
        client.send(frame(TEXT, b'{"a"', fin=False), frame(PING, b"now"))
        assert await client.next() == (PONG, b"now")
        client.send(frame(CONTINUATION, b": 1}"), frame(BINARY, b"\1" * 100_000), frame(PONG))
        client.send(frame(CLOSE, b"\x03\xe8"))
        assert await client.close_code() == 1000
        await listener.gone.wait()
    assert [each.get("text") or each.get("bytes") for each in listener.heard[:2]] == [
        '{"a": 1}',
        b"\1" * 100_000,
    ]


@pytest.mark.slow
async def test_who_does_not_read_the_answers_is_not_read_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The pongs that wait are bounded: the server stops reading, and the client's sends block.

    Otherwise the number of frames ends it.
    """
    for bound in ("FRAMES_PER_SECOND", "FRAMES_AT_ONCE"):
        monkeypatch.setattr(module, bound, 1e9)
    async with serving(Listener()) as port, RawWebSocket.connect(port, limit=1024) as client:
        client.stop_reading()
        sent = 0
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(10):
                while sent < 500 * 2**20:
                    client.send(frame(PING, b"x" * 125) * 1000)
                    sent += 131_000
                    await client.writer.drain()
        assert sent < 50 * 2**20


@pytest.mark.slow
@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (frame(TEXT, b"\xff\xfe"), 1007),
        (frame(TEXT, b"ok \xc3", fin=False) + frame(CONTINUATION, b"("), 1007),
        (frame(CONTINUATION, b"x"), 1002),
        (frame(3, b"x"), 1002),
        (frame(PING, b"x" * 126), 1002),
        (frame(PING, b"x", fin=False), 1002),
        (b"\x81\x02hi", 1002),
        (b"\xf1\x80" + bytes(4), 1002),
        (frame(TEXT, b"x" * 200_000), 1009),
        (frame(CLOSE, b"\x03"), 1002),
        (frame(CLOSE, b"\x03\xe8\xff"), 1007),
    ],
    ids=[
        "text of no UTF-8",
        "fragments of no UTF-8",
        "a continuation of nothing",
        "an opcode that is none",
        "a long ping",
        "half a ping",
        "no mask",
        "reserved bits",
        "too long",
        "a close code of one byte",
        "a reason of no UTF-8",
    ],
)
async def test_bad_frames_close_with_a_code_and_without_an_error_in_the_log(
    bad: bytes, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(Listener()) as port, RawWebSocket.connect(port) as client:
        client.send(bad)
        assert await client.close_code() == code
        await client.gone()
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


class Closer:
    """An application that sends without end, and then closes."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        talking = asyncio.create_task(self._talk(send))
        await asyncio.sleep(0.5)
        talking.cancel()
        await send({"type": "websocket.close", "code": 4403})
        while (await receive())["type"] != "websocket.disconnect":
            pass

    async def _talk(self, send: Any) -> None:
        while True:
            await send({"type": "websocket.send", "bytes": bytes(65_536)})


@pytest.mark.slow
async def test_a_client_that_does_not_read_does_not_outlive_its_close() -> None:
    async with serving(Closer()) as port, RawWebSocket.connect(port, limit=1024) as client:
        client.stop_reading()
        raw = client.writer.get_extra_info("socket")
        async with asyncio.timeout(8):
            while peer_is_there(raw):  # noqa: ASYNC110 - the kernel tells nobody
                await asyncio.sleep(0.05)


def peer_is_there(raw: Any) -> bool:
    """Tell whether the connection is established, by the kernel's word (Linux's tcp_info)."""
    state: int = raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
    return state == ESTABLISHED


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/?" + "x" * 9000, "", 414),
        ("/", "Cookie: " + "x" * 9000, 431),
        ("/", "\r\n".join(f"X-{number}: 1" for number in range(200)), 431),
        ("/", "Content-Length: 5", 400),
        ("/", "Transfer-Encoding: chunked", 400),
        ("/", "Sec-WebSocket-Key: twice", 400),
    ],
    ids=["query", "cookie", "headers", "body", "chunked body", "two keys"],
)
async def test_a_handshake_that_cannot_be_read_gets_an_answer(
    path: str, headers: str, status: int
) -> None:
    async with serving(Listener()) as port, RawWebSocket.connect(port, path, headers) as client:
        assert client.answer.startswith(f"HTTP/1.1 {status} ".encode())
        await client.gone()


@pytest.mark.parametrize(("path", "status"), [("/nowhere/", b"404"), ("/?x=%00", b"400")])
async def test_a_socket_that_is_refused_by_an_answer_is_no_fault(
    path: str, status: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    """Strangers would fill the log with errors."""
    refuser = NulRefuser(no_such_socket)
    async with serving(refuser) as port, RawWebSocket.connect(port, path) as client:
        assert client.answer.startswith(b"HTTP/1.1 " + status)
        await client.gone()
    assert [each.message for each in caplog.records if each.levelno >= logging.WARNING] == []


@pytest.mark.slow
async def test_a_server_that_stops_does_not_wait_for_a_client_that_does_not_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def talk(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while True:
            await send({"type": "websocket.send", "bytes": bytes(65_536)})

    server = serving(talk)
    port = await server.__aenter__()
    async with RawWebSocket.connect(port, limit=1024) as client:
        client.stop_reading()
        await asyncio.sleep(0.5)
        await server.__aexit__(None, None, None)
    assert "timeout graceful shutdown exceeded" not in caplog.text
