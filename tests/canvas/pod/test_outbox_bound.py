"""The bytes that wait for one socket are bounded, and the caller is told."""

import asyncio
from typing import Any

import pytest

from canvas.pod import outbox as module
from canvas.pod.outbox import MAX_BYTES, Frames, Outbox
from canvas.protocol.close_codes import CloseCode

LARGE = Frames.of_text("x" * (MAX_BYTES // 4))


class Stuck:
    """A socket that takes nothing, until it is let go."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.texts: list[str] = []
        self.codes: list[int] = []

    async def send(self, message: dict[str, Any]) -> None:
        await self.go.wait()
        if message["type"] == "websocket.close":
            self.codes.append(message["code"])
        else:
            self.texts.append(message["text"])


async def test_it_refuses_what_is_over_the_bound() -> None:
    outbox = Outbox(Stuck().send)
    kept = [outbox.put(LARGE) for _ in range(10)]
    assert kept == [True] * kept.index(False) + [False] * (10 - kept.index(False))
    assert 0 < outbox.waiting <= MAX_BYTES
    outbox.discard()


async def test_nothing_of_what_was_refused_is_kept() -> None:
    socket = Stuck()
    outbox = Outbox(socket.send)
    sent = 0
    while outbox.put(LARGE):
        sent += 1
    assert outbox.put(Frames.of_text("small")) is False or outbox.waiting <= MAX_BYTES
    socket.go.set()
    await asyncio.sleep(0.01)
    assert [len(text) for text in socket.texts].count(MAX_BYTES // 4) == sent


async def test_it_takes_more_when_the_socket_has_caught_up() -> None:
    socket = Stuck()
    outbox = Outbox(socket.send)
    while outbox.put(LARGE):
        pass
    socket.go.set()
    await asyncio.sleep(0.01)
    assert outbox.waiting == 0
    assert outbox.put(LARGE)


async def test_what_waits_can_be_dropped() -> None:
    socket = Stuck()
    outbox = Outbox(socket.send)
    for text in ("a", "b", "c"):
        outbox.put(Frames.of_text(text))
    outbox.drop()
    assert outbox.waiting == 0
    outbox.put(Frames.of_text("d"))
    socket.go.set()
    await asyncio.sleep(0.01)
    assert socket.texts == ["a", "d"]  # "a" was under way


async def test_a_close_overtakes_what_waits() -> None:
    socket = Stuck()
    outbox = Outbox(socket.send)
    for text in ("a", "b"):
        outbox.put(Frames.of_text(text))
    outbox.close(4408, "too slow")
    socket.go.set()
    await asyncio.sleep(0.01)
    assert socket.texts == ["a"]
    assert socket.codes == [4408]


async def test_it_closes_once() -> None:
    socket = Stuck()
    socket.go.set()
    outbox = Outbox(socket.send)
    outbox.close(4429)
    outbox.close(4408)
    assert socket.codes == [4429]


async def test_the_code_is_a_plain_number_as_daphne_asks() -> None:
    socket = Stuck()
    socket.go.set()
    Outbox(socket.send).close(CloseCode.LOGGED_OUT)
    assert [type(code) for code in socket.codes] == [int]


async def test_nothing_follows_a_close() -> None:
    socket = Stuck()
    socket.go.set()
    outbox = Outbox(socket.send)
    outbox.close(4400)
    assert outbox.put(Frames.of_text("late"))
    assert socket.texts == []


class Deaf:
    """A socket that takes a close, and nothing else."""

    def __init__(self) -> None:
        self.codes: list[int] = []

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] != "websocket.close":
            await asyncio.Event().wait()
        self.codes.append(message["code"])


@pytest.mark.parametrize("flush", [False, True])
async def test_a_close_does_not_wait_for_ever(flush: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CLOSE_TIMEOUT", 0.01)
    socket = Deaf()
    outbox = Outbox(socket.send)
    for text in ("a", "b"):
        outbox.put(Frames.of_text(text))
    outbox.close(4403, flush=flush)
    await asyncio.sleep(0.05)
    assert socket.codes == [4403]
    assert outbox.waiting == 0
    assert len(asyncio.all_tasks()) == 1
