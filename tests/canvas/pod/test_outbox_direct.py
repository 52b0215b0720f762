"""A server that takes bytes gets them whole and in order; all else goes the usual way."""

import asyncio
from collections.abc import Callable
from typing import Any

from canvas.pod.outbox import Frames, Outbox
from tests.canvas.helpers import eventually
from tests.support.raw_websocket import BINARY, TEXT, RawWebSocket
from tests.support.uvicorn_server import serving


class Server:
    """Takes bytes while it is open, and messages at once too; else messages wait."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.may_send = asyncio.Event()
        self.may_send.set()
        self._tell: Callable[[bool], None] = print

    def extension(self) -> dict[str, Any]:
        return {"write": self.taken.append, "watch": self._watch}

    def _watch(self, tell: Callable[[bool], None]) -> None:
        self._tell = tell
        tell(True)

    def block(self) -> None:
        self.may_send.clear()
        self._tell(False)

    def go_on(self) -> None:
        self.may_send.set()
        self._tell(True)

    async def send(self, message: dict[str, Any]) -> None:
        await self.may_send.wait()
        self.taken.append(message.get("text") or message["code"])


async def test_bytes_are_written_while_the_server_takes_them() -> None:
    server = Server()
    outbox = Outbox(server.send, server.extension())
    outbox.put(Frames.of_text("a", "bc"))
    outbox.put(Frames.of_bytes(b"\x00" * 200))
    assert server.taken == [b"\x81\x01a\x81\x02bc", b"\x82\x7e\x00\xc8" + b"\x00" * 200]


async def test_order_is_kept_through_a_wait() -> None:
    server = Server()
    outbox = Outbox(server.send, server.extension())
    outbox.put(Frames.of_text("1"))
    server.block()
    outbox.put(Frames.of_text("2"))
    outbox.put(Frames.of_text("3"))
    server.go_on()
    outbox.put(Frames.of_text("4"))  # what waits is on its way, and this one after it
    await asyncio.sleep(0.01)
    outbox.put(Frames.of_text("5"))
    assert server.taken == [b"\x81\x011", "2", "3", "4", b"\x81\x015"]


async def test_nothing_is_written_after_a_close() -> None:
    server = Server()
    outbox = Outbox(server.send, server.extension())
    outbox.close(4400)
    outbox.put(Frames.of_text("late"))
    server.go_on()
    outbox.put(Frames.of_text("later"))
    assert server.taken == [4400]
    assert outbox.direct is None


async def test_nothing_is_written_to_a_socket_that_is_gone() -> None:
    server = Server()
    outbox = Outbox(server.send, server.extension())
    outbox.discard()
    server.go_on()
    assert outbox.direct is None


async def test_a_real_server_says_when_it_takes_bytes() -> None:
    """The sending stops while the client does not read, goes on, and ends with the connection."""
    told: list[bool] = []
    outboxes: list[Outbox] = []
    accepted = asyncio.Event()

    def note(is_open: bool) -> None:
        told.append(is_open)
        outboxes[0]._open(is_open)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        extension = scope["extensions"]["pixelsite.frames"]
        outboxes.append(Outbox(send, extension))
        extension["watch"](note)
        accepted.set()
        while (await receive())["type"] != "websocket.disconnect":
            pass

    async with (
        serving(application) as port,
        RawWebSocket.connect(port, limit=1024) as client,
        asyncio.timeout(20),
    ):
        await accepted.wait()
        (outbox,) = outboxes
        outbox.put(Frames.of_text("first"))
        assert await client.next() == (TEXT, b"first")
        client.stop_reading()
        sent = 0
        while outbox.put(Frames.of_bytes(bytes(65_536))):
            sent += 1
            await asyncio.sleep(0)
        assert told == [True, False]
        client.writer.transport.resume_reading()  # type: ignore[attr-defined]  # it reads, too
        for _ in range(sent):
            assert await client.next() == (BINARY, bytes(65_536))
        await eventually(lambda: outbox.direct)
        outbox.put(Frames.of_text("last"))
        assert await client.next() == (TEXT, b"last")
        client.writer.transport.abort()
        await eventually(lambda: not told[-1])
        assert outbox.direct is None
