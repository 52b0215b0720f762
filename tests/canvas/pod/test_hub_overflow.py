"""An outbox that overflows while a tick goes out: after the resync no pixel comes twice, and none
is missing.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from canvas.pod import hub as module
from canvas.pod import outbox
from canvas.pod.hub import Hub
from canvas.pod.outbox import Frames
from canvas.pod.stream import MEMORY, Stream
from canvas.protocol import events
from tests.canvas.helpers import Recorder, eventually, pixel

ANSWER = Frames.of_events(events.user_list(["a" * 250], 1, 0))
NOTICE = events.user_list(["x" * 300], 1, 0)


@pytest.fixture(autouse=True)
def small_outbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "MAX_BYTES", 2000)
    monkeypatch.setattr(module, "SOCKETS_PER_TURN", 1)


def draw(hub: Hub, stream: Stream, count: int) -> None:
    for seq in range(stream.last + 1, stream.last + 1 + count):
        stream.offer(pixel(seq))
    hub.advance()


def slow_one() -> Recorder:
    """Return one that takes nothing, whose outbox has no room for 300 bytes more."""
    slow = Recorder(binary=True)
    slow.open.clear()
    for size in (1, 1700):  # the first is on its way, and counts no more
        slow.socket.outbox.put(Frames.of_events(events.user_list(["x" * size], 1, 0)))
    return slow


def is_told_to_resync(slow: Recorder) -> bool:
    """Tell whether a resync waits for it."""
    waiting = slow.socket.outbox._queue or ()
    return any("resync" in each.get("text", "") for kept in waiting for each in kept.messages)


async def taken(slow: Recorder, seq: int) -> list[int]:
    """Have it take all; return what it is sent after the resync, which is told first."""
    slow.open.set()
    await eventually(lambda: slow.seqs[-1:] == [seq])
    texts = [each.get("text", "") for each in slow.messages]
    slow.messages = slow.messages[next(i for i, text in enumerate(texts) if "resync" in text) :]
    return [slow.events[0]["seq"], *slow.seqs]


def run_on(first: int, last: int) -> list[int]:
    return list(range(first, last + 1))


async def check_run(slow: Recorder, last: int) -> None:
    """Check that after the resync it gets each pixel up to the last seq, once and in order."""
    first, *others = await taken(slow, last)
    assert others == run_on(first + 1, last)


class Watcher(Recorder):
    """One that is served, and before the others; what it is sent has something happen at once."""

    def __init__(self, happens: Callable[[], None]) -> None:
        super().__init__(binary=True)
        self._happens = happens

    async def send(self, message: dict[str, Any]) -> None:
        await super().send(message)
        asyncio.get_running_loop().call_soon(self._happens)


async def test_a_notice_of_the_same_tick(hub: Hub, stream: Stream) -> None:
    slow = slow_one()
    hub.join(stream, slow.socket, 0)
    hub.notify_all(NOTICE)
    draw(hub, stream, 3)
    await eventually(lambda: slow.socket.outbox.waiting < 1700)
    draw(hub, stream, 2)
    await check_run(slow, 5)


async def test_an_answer_while_the_others_are_served(hub: Hub, stream: Stream) -> None:
    """Between two turns of a fan-out, of which this one is to get the pixels yet."""
    some = [slow_one() for _ in range(6)]
    told = iter(some)

    def answer() -> None:
        for slow in told:
            hub.send("main", slow.socket, ANSWER)

    hub.join(stream, Watcher(answer).socket, 0)
    for slow in some:
        hub.join(stream, slow.socket, 0)
    draw(hub, stream, 3)
    await eventually(lambda: all(each.socket.outbox.waiting < 1700 for each in some))
    draw(hub, stream, 2)
    for slow in some:
        await check_run(slow, 5)


async def test_an_answer_to_one_that_is_ahead(hub: Hub, stream: Stream) -> None:
    slow, other = slow_one(), Recorder(binary=True)
    hub.join(stream, other.socket, 0)
    draw(hub, stream, 4)
    hub.join(stream, slow.socket, 3)
    hub.send("main", slow.socket, ANSWER)
    await other.reach(4)
    await eventually(lambda: is_told_to_resync(slow))
    draw(hub, stream, 2)
    await check_run(slow, 6)


async def test_a_notice_to_one_that_is_ahead(hub: Hub, stream: Stream) -> None:
    slow, other = slow_one(), Recorder(binary=True)
    hub.join(stream, other.socket, 0)
    draw(hub, stream, 4)
    hub.join(stream, slow.socket, 3)
    hub.notify_all(NOTICE)
    await other.reach(4)
    await eventually(lambda: is_told_to_resync(slow))
    draw(hub, stream, 2)
    await check_run(slow, 6)


async def test_one_that_is_paused_while_the_others_are_served(hub: Hub, stream: Stream) -> None:
    some = [slow_one() for _ in range(6)]
    told = iter(some)

    def pause() -> None:
        for slow in told:
            hub.pause("main", slow.socket)
            hub.send("main", slow.socket, ANSWER)

    hub.join(stream, Watcher(pause).socket, 0)
    for slow in some:
        hub.join(stream, slow.socket, 0)
    draw(hub, stream, 3)
    await eventually(lambda: all(each.socket.outbox.waiting < 1700 for each in some))
    for slow in some:
        hub.resume("main", slow.socket)
    draw(hub, stream, 2)
    for slow in some:
        await check_run(slow, 5)


async def test_a_frame_of_the_trail(hub: Hub, stream: Stream) -> None:
    """One that takes its last frame, so that nothing waits, and has no room for this one."""
    slow = Recorder(binary=True)
    slow.open.clear()
    for _ in range(2):
        slow.socket.outbox.put(ANSWER)
    slow.open.set()
    slow.open.clear()
    await eventually(lambda: not slow.socket.outbox.waiting)
    draw(hub, stream, 2 * MEMORY)
    hub.join(stream, slow.socket, 0)
    await eventually(lambda: slow.socket.outbox.waiting)
    assert list(hub.sockets()) == [slow.socket]
    draw(hub, stream, 2)
    await check_run(slow, stream.last)
