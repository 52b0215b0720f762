"""A socket that nobody looks at gets no pixels, and afterwards all that it has missed."""

import asyncio

import pytest

from canvas.pod import stream as stream_module
from canvas.pod.hub import Hub
from canvas.pod.stream import Stream
from canvas.protocol.events import status
from tests.canvas.helpers import Recorder, eventually, pixel

both_formats = pytest.mark.parametrize("binary", [False, True], ids=["text", "binary"])


async def draw(hub: Hub, stream: Stream, count: int, watcher: Recorder) -> None:
    """Place so many pixels, each in a tick of its own."""
    for _ in range(count):
        stream.offer(pixel(stream.last + 1))
        hub.advance()
        await watcher.reach(stream.last)


@pytest.fixture
def watcher(hub: Hub, stream: Stream) -> Recorder:
    watcher = Recorder(binary=True)
    hub.join(stream, watcher.socket, 0)
    return watcher


@both_formats
async def test_it_goes_on_where_it_stopped(
    binary: bool, hub: Hub, stream: Stream, watcher: Recorder
) -> None:
    hidden = Recorder(binary=binary)
    hub.join(stream, hidden.socket, 0)
    await draw(hub, stream, 3, watcher)
    hub.pause("main", hidden.socket)
    hub.pause("main", hidden.socket)
    await draw(hub, stream, 4, watcher)
    assert hidden.seqs == [1, 2, 3]
    hub.resume("main", hidden.socket)
    hub.resume("main", hidden.socket)
    await draw(hub, stream, 2, watcher)
    await hidden.reach(9)
    assert hidden.seqs == list(range(1, 10))


async def test_it_still_hears_what_everyone_must_know(
    hub: Hub, stream: Stream, watcher: Recorder
) -> None:
    hidden = Recorder()
    hub.join(stream, hidden.socket, 0)
    hub.pause("main", hidden.socket)
    hub.notify_all(status(degraded=True))
    await draw(hub, stream, 1, watcher)
    assert hidden.types() == ["status"]


async def test_it_counts_and_leaves_as_any_other(hub: Hub, stream: Stream) -> None:
    hidden = Recorder()
    hub.join(stream, hidden.socket, 0)
    hub.pause("main", hidden.socket)
    assert len(hub) == 1
    assert list(hub.sockets()) == [hidden.socket]
    hub.leave("main", hidden.socket)
    assert len(hub) == 0
    hub.resume("main", hidden.socket)
    assert len(hub) == 0


async def test_after_more_than_memory_holds_it_fetches_the_board(
    hub: Hub, stream: Stream, watcher: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In binary the trail has it."""
    hidden, binary = Recorder(), Recorder(binary=True)
    for each in (hidden, binary):
        hub.join(stream, each.socket, 0)
        hub.pause("main", each.socket)
    for _ in range(stream_module.MEMORY + 10):
        stream.offer(pixel(stream.last + 1))
    hub.advance()
    await eventually(lambda: watcher.messages)
    for each in (hidden, binary):
        hub.resume("main", each.socket)
    assert hidden.types() == ["resync"]
    await binary.reach(stream.last)
    assert binary.seqs == list(range(1, stream.last + 1))


async def test_another_past_is_told_and_it_goes_on_from_there(
    hub: Hub, stream: Stream, watcher: Recorder
) -> None:
    hidden = Recorder()
    hub.join(stream, hidden.socket, 0)
    await draw(hub, stream, 2, watcher)
    hub.pause("main", hidden.socket)
    await draw(hub, stream, 2, watcher)
    hub.reset(stream)
    await eventually(lambda: "resync" in hidden.types())
    hub.resume("main", hidden.socket)
    await draw(hub, stream, 1, watcher)
    await hidden.reach(5)
    assert hidden.types() == ["pixel_updated"] * 2 + ["resync", "pixel_updated"]


async def test_one_ahead_of_the_room_misses_nothing(hub: Hub, stream: Stream) -> None:
    for _ in range(5):
        stream.offer(pixel(stream.last + 1))
    ahead = Recorder()
    hub.join(stream, ahead.socket, 5)
    hub.pause("main", ahead.socket)
    hub.advance()
    await asyncio.sleep(0.1)
    stream.offer(pixel(6))
    hub.resume("main", ahead.socket)
    hub.advance()
    await ahead.reach(6)
    assert ahead.seqs == [6]
