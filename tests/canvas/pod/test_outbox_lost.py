"""A socket that is gone takes its outbox with it, and harms no other."""

import asyncio
import gc
from typing import Any

from canvas.pod.outbox import Frames, Outbox


async def test_a_send_that_fails_at_once_is_the_last() -> None:
    tried: list[Any] = []

    async def send(message: dict[str, Any]) -> None:
        tried.append(message)
        raise OSError("the socket is gone")

    outbox = Outbox(send)
    assert outbox.put(Frames.of_text("a", "b"))
    assert outbox.put(Frames.of_text("c"))
    assert len(tried) == 1
    assert outbox.waiting == 0


async def test_a_send_that_fails_later_is_the_last() -> None:
    tried: list[Any] = []

    async def send(message: dict[str, Any]) -> None:
        tried.append(message)
        await asyncio.sleep(0)
        raise OSError("the socket is gone")

    outbox = Outbox(send)
    outbox.put(Frames.of_text("a", "b"))
    outbox.put(Frames.of_text("c"))
    await asyncio.sleep(0.01)
    assert outbox.put(Frames.of_text("d"))
    assert len(tried) == 1
    assert outbox.waiting == 0


async def test_a_discarded_outbox_sends_nothing_more() -> None:
    go = asyncio.Event()
    sent: list[str] = []

    async def send(message: dict[str, Any]) -> None:
        await go.wait()
        sent.append(message["text"])

    outbox = Outbox(send)
    outbox.put(Frames.of_text("a", "b"))
    await asyncio.sleep(0)
    outbox.discard()
    go.set()
    await asyncio.sleep(0.01)
    assert outbox.put(Frames.of_text("c"))
    assert sent == []
    assert outbox.waiting == 0


async def test_a_waiting_send_is_told_that_it_was_discarded() -> None:
    cleaned = asyncio.Event()

    async def send(_message: dict[str, Any]) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.set()

    outbox = Outbox(send)
    outbox.put(Frames.of_text("a"))
    await asyncio.sleep(0)
    outbox.discard()
    async with asyncio.timeout(1):
        await cleaned.wait()


async def test_an_outbox_discarded_before_its_task_began_leaves_nothing_behind() -> None:
    async def send(_message: dict[str, Any]) -> None:
        await asyncio.Event().wait()

    outbox = Outbox(send)
    outbox.put(Frames.of_text("a"))
    outbox.discard()
    await asyncio.sleep(0)
    del outbox
    gc.collect()  # a coroutine that nobody awaited would warn here, and warnings are errors
    assert len(asyncio.all_tasks()) == 1


async def test_discarding_an_idle_outbox_is_harmless() -> None:
    outbox = Outbox(None)  # type: ignore[arg-type]  # it is never sent to
    outbox.discard()
    assert outbox.put(Frames.of_text("a"))
