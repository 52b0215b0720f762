"""Notices: events for all sockets beside the pixels."""

import asyncio

from canvas.domain.board import Board
from canvas.pod.hub import Hub
from canvas.pod.stream import Stream
from canvas.protocol import events
from tests.canvas.helpers import HEIGHT, WIDTH, Recorder, eventually, meta_of, pixel

CHANGED = events.canvas_changed(meta_of(frozen=True), 0)
STATS = events.stats(3, timestamp=0)


def other_stream() -> Stream:
    return Stream(meta_of(slug="other"), Board(WIDTH, HEIGHT))


async def test_everyone_on_a_canvas_is_told(hub: Hub, stream: Stream) -> None:
    here, there = Recorder(), Recorder()
    hub.join(stream, here.socket, 0)
    hub.join(other_stream(), there.socket, 0)
    hub.notify("main", CHANGED)
    await eventually(lambda: here.events)
    await asyncio.sleep(0.05)
    assert here.events == [CHANGED]
    assert there.events == []


async def test_a_canvas_without_sockets_needs_no_telling(hub: Hub) -> None:
    hub.notify("nowhere", CHANGED)
    await asyncio.sleep(0.03)
    assert len(hub) == 0


async def test_everyone_everywhere_is_told(hub: Hub, stream: Stream) -> None:
    here, there = Recorder(), Recorder(binary=True)
    hub.join(stream, here.socket, 0)
    hub.join(other_stream(), there.socket, 0)
    hub.notify_all(STATS)
    await eventually(lambda: here.events and there.events)
    assert here.events == there.events == [STATS]


async def test_a_socket_that_comes_later_is_told_the_newest_of_each_type(
    hub: Hub, stream: Stream
) -> None:
    hub.notify_all(events.stats(2, timestamp=0))
    hub.notify_all(STATS)
    hub.notify_all(events.status(degraded=True))
    late = Recorder()
    hub.join(stream, late.socket, 0)
    assert late.events == [STATS, {**events.status(degraded=True)}]


async def test_notices_come_before_the_pixels_of_the_same_tick(hub: Hub, stream: Stream) -> None:
    """A palette that grew is known before the first pixel in the new colour."""
    recorder = Recorder()
    hub.join(stream, recorder.socket, 0)
    stream.offer(pixel(1))
    hub.notify("main", CHANGED)
    await eventually(lambda: recorder.seqs)
    assert recorder.types() == ["canvas_changed", "pixel_updated"]


async def test_a_socket_that_is_ahead_of_the_tick_is_told_too(hub: Hub, stream: Stream) -> None:
    """The socket joined with pixels that the others get in the next tick: it waits with them."""
    hub.join(stream, Recorder().socket, 0)
    stream.offer(pixel(1))
    ahead = Recorder()
    hub.join(stream, ahead.socket, 1)
    hub.notify("main", CHANGED)
    hub.notify_all(STATS)
    stream.offer(pixel(2))
    hub.advance()
    await eventually(lambda: ahead.seqs == [2])
    assert ahead.types() == ["canvas_changed", "stats", "pixel_updated"]


async def test_a_reset_tells_everyone_to_start_over(hub: Hub, stream: Stream) -> None:
    hub.join(stream, (first := Recorder()).socket, 0)
    stream.offer(pixel(1))
    hub.join(stream, (ahead := Recorder(binary=True)).socket, 1)
    new = Stream(meta_of(epoch=8), Board(WIDTH, HEIGHT, 7))
    hub.reset(new)
    new.offer(pixel(8))
    hub.advance()
    await eventually(lambda: first.seqs == ahead.seqs == [8])
    for recorder in (first, ahead):
        assert recorder.events[0] == {"type": "resync", "seq": 7}
