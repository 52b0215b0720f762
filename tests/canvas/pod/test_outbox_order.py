"""Frames leave in the order they were put in, at once where the socket takes them."""

import asyncio
import random
from typing import Any

from canvas.pod.outbox import Frames, Outbox


class Server:
    """Takes messages at once while `open` is set, else when it is set again."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.taken: list[Any] = []

    async def send(self, message: dict[str, Any]) -> None:
        await self.open.wait()
        self.taken.append(message.get("text") or message.get("bytes") or message["code"])


async def test_it_sends_at_once_while_the_socket_takes_it() -> None:
    server = Server()
    outbox = Outbox(server.send)
    outbox.put(Frames.of_text("a", "b"))
    outbox.put(Frames.of_bytes(b"c"))
    assert server.taken == ["a", "b", b"c"]
    assert outbox.waiting == 0


async def test_it_keeps_what_the_socket_does_not_take_yet() -> None:
    server = Server()
    outbox = Outbox(server.send)
    server.open.clear()
    outbox.put(Frames.of_text("a", "b"))
    outbox.put(Frames.of_text("c"))
    await asyncio.sleep(0.01)
    assert server.taken == []
    server.open.set()
    await asyncio.sleep(0.01)
    assert server.taken == ["a", "b", "c"]
    assert outbox.waiting == 0


async def test_it_sends_at_once_again_after_a_wait() -> None:
    server = Server()
    outbox = Outbox(server.send)
    server.open.clear()
    outbox.put(Frames.of_text("a"))
    server.open.set()
    await asyncio.sleep(0.01)
    outbox.put(Frames.of_text("b"))
    assert server.taken == ["a", "b"]


async def test_order_is_kept_by_a_socket_that_stutters() -> None:
    taken: list[str] = []
    chance = random.Random(1)

    async def send(message: dict[str, Any]) -> None:
        for _ in range(chance.choice([0, 0, 1, 3])):
            await asyncio.sleep(0)
        taken.append(message["text"])

    outbox = Outbox(send)
    expected = [str(number) for number in range(300)]
    for start in range(0, 300, 3):
        outbox.put(Frames.of_text(*expected[start : start + 3]))
        if chance.random() < 0.3:
            await asyncio.sleep(0)
    await asyncio.sleep(0.05)
    assert taken == expected


async def test_a_server_may_wait_for_timers_and_futures() -> None:
    taken: list[str] = []

    async def send(message: dict[str, Any]) -> None:
        await asyncio.wait_for(asyncio.sleep(0.005), 1)
        taken.append(message["text"])

    outbox = Outbox(send)
    outbox.put(Frames.of_text("a", "b"))
    await asyncio.sleep(0.05)
    assert taken == ["a", "b"]


async def test_frames_are_shared_and_not_changed() -> None:
    frames = Frames.of_text("a", "b")
    servers = [Server() for _ in range(3)]
    for server in servers:
        Outbox(server.send).put(frames)
    assert [server.taken for server in servers] == [["a", "b"]] * 3
    assert frames == Frames.of_text("a", "b")


def test_frames_know_their_size() -> None:
    assert Frames.of_text("abc", "de").size == 5
    assert Frames.of_bytes(b"abc").size == 3
