"""The hub gathers what comes during a tick and encodes it once."""

import asyncio
import time
from collections.abc import Sequence
from itertools import pairwise

import pytest

from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.pod import room
from canvas.pod.hub import Hub
from canvas.pod.outbox import Frames, Outbox
from canvas.pod.room import Socket
from canvas.pod.stream import Stream
from canvas.pod.tick import TICK
from canvas.protocol.frames import decode_pixels
from tests.canvas.helpers import Recorder, eventually, pixel


async def test_pixels_of_one_tick_share_a_binary_frame(hub: Hub, stream: Stream) -> None:
    recorder = Recorder(binary=True)
    hub.join(stream, recorder.socket, 0)
    for seq in range(1, 101):
        stream.offer(pixel(seq))
        hub.advance()
    await eventually(lambda: recorder.messages)
    assert len(recorder.messages) == 1
    assert len(list(decode_pixels(recorder.messages[0]["bytes"]))) == 100


@pytest.mark.parametrize("binary", [False, True])
async def test_bytes_are_made_once_for_all_and_never_for_nobody(
    hub: Hub, stream: Stream, monkeypatch: pytest.MonkeyPatch, binary: bool
) -> None:
    made: list[bool] = []
    encoded = room.encoded

    def counted(meta: CanvasMeta, pixels: Sequence[Pixel], *, binary: bool) -> Frames:
        made.append(binary)
        return encoded(meta, pixels, binary=binary)

    monkeypatch.setattr(room, "encoded", counted)
    recorders = [Recorder(binary=binary) for _ in range(5)]
    for recorder in recorders:
        hub.join(stream, recorder.socket, 0)
    stream.offer(pixel(1))
    hub.advance()
    await eventually(lambda: all(recorder.messages for recorder in recorders))
    assert made == [binary]


async def test_the_first_pixel_after_a_quiet_time_waits_for_no_tick(
    hub: Hub, stream: Stream
) -> None:
    recorder = Recorder()
    hub.join(stream, recorder.socket, 0)
    await asyncio.sleep(2 * TICK)
    stream.offer(pixel(1))
    hub.advance()
    for _ in range(5):
        await asyncio.sleep(0)
    assert recorder.seqs == [1]


async def test_frames_come_at_most_once_a_tick(hub: Hub, stream: Stream) -> None:
    recorder = Recorder(binary=True)
    hub.join(stream, recorder.socket, 0)
    started = asyncio.get_running_loop().time()
    for seq in range(1, 51):
        stream.offer(pixel(seq))
        hub.advance()
        await asyncio.sleep(0.004)
    await recorder.reach(50)
    ticks = (asyncio.get_running_loop().time() - started) / TICK
    assert 2 <= len(recorder.messages) <= ticks + 2


async def test_sockets_of_one_format_get_the_same_bytes(hub: Hub, stream: Stream) -> None:
    recorders = [Recorder(binary=True) for _ in range(5)]
    for recorder in recorders:
        hub.join(stream, recorder.socket, 0)
    stream.offer(pixel(1))
    hub.advance()
    await eventually(lambda: all(recorder.messages for recorder in recorders))
    assert len({id(recorder.messages[0]) for recorder in recorders}) == 1


async def test_a_format_that_nobody_wants_is_not_encoded(hub: Hub, stream: Stream) -> None:
    recorder = Recorder(binary=True)
    hub.join(stream, recorder.socket, 0)
    stream.offer(pixel(1, color=200))  # as text it would fail: the palette is shorter
    hub.advance()
    await eventually(lambda: recorder.seqs == [1])


async def test_the_tick_grows_with_what_a_fan_out_takes(hub: Hub, stream: Stream) -> None:
    quick, clock = Recorder(), asyncio.get_running_loop().time
    came: list[float] = []

    async def hold_up(_message: object) -> None:
        came.append(clock())
        time.sleep(3 * TICK)  # noqa: ASYNC251 - a fan-out that keeps the processor busy

    hub.join(stream, Socket(Outbox(hold_up), binary=True), 0)
    hub.join(stream, quick.socket, 0)
    for seq in range(1, 4):
        stream.offer(pixel(seq))
        hub.advance()
        await quick.reach(seq)
    pauses = [later - earlier for earlier, later in pairwise(came)]
    assert all(pause >= 6 * TICK for pause in pauses)  # as long again as it was busy
