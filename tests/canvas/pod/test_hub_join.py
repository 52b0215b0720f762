"""Whenever a socket joins, it gets each pixel after its `since` once and in order."""

import asyncio

import pytest

from canvas.pod import hub as module
from canvas.pod import stream as stream_module
from canvas.pod.hub import Hub
from canvas.pod.stream import Stream
from tests.canvas.helpers import Recorder, eventually, pixel

both_formats = pytest.mark.parametrize("binary", [False, True], ids=["text", "binary"])


def grow(hub: Hub, stream: Stream, until: int) -> None:
    """Place pixels up to that seq; they go out with the next tick."""
    for seq in range(stream.last + 1, until + 1):
        stream.offer(pixel(seq))
    hub.advance()


async def sealed(hub: Hub, stream: Stream, binary: bool = False) -> None:
    """Wait until the hub has sent everything to all sockets."""
    watcher = Recorder(binary=binary)
    hub.join(stream, watcher.socket, 0)
    await eventually(lambda: watcher.seqs[-1:] == [stream.last])
    hub.leave("main", watcher.socket)


@both_formats
@pytest.mark.parametrize("since", range(9))
async def test_it_gets_what_follows_its_position(
    hub: Hub, stream: Stream, since: int, binary: bool
) -> None:
    """5 placements are sent to the others already, 3 wait for the next tick."""
    grow(hub, stream, 5)
    await sealed(hub, stream)
    grow(hub, stream, 8)
    recorder = Recorder(binary=binary)
    hub.join(stream, recorder.socket, since)
    grow(hub, stream, 10)
    await recorder.reach(10)
    assert recorder.seqs == list(range(since + 1, 11))


@both_formats
async def test_sockets_that_join_all_the_time_miss_nothing(
    hub: Hub, stream: Stream, binary: bool
) -> None:
    joined: list[tuple[int, Recorder]] = []
    for step in range(1, 60):
        grow(hub, stream, 3 * step)
        since = stream.last - step % 7
        joined.append((max(0, since), Recorder(binary=binary)))
        hub.join(stream, joined[-1][1].socket, joined[-1][0])
        await asyncio.sleep(0.002 * (step % 3))
    last = stream.last
    await eventually(lambda: all(each.seqs[-1:] == [last] for _, each in joined[:-1]))
    for since, recorder in joined:
        assert recorder.seqs == list(range(since + 1, last + 1))


async def test_it_gets_the_pixels_themselves(hub: Hub, stream: Stream) -> None:
    recorder = Recorder()
    hub.join(stream, recorder.socket, 0)
    grow(hub, stream, 1)
    await eventually(lambda: recorder.events)
    assert recorder.events == [
        {
            "type": "pixel_updated",
            "canvas": "main",
            "seq": 1,
            "x": 1,
            "y": 0,
            "color": "#FF0000",
            "username": "alice",
            "timestamp": 1_700_000_000_001,
        }
    ]


@pytest.mark.parametrize("since", [-1, 99])
async def test_a_position_that_memory_lacks_means_resync(
    hub: Hub, stream: Stream, since: int
) -> None:
    grow(hub, stream, 5)
    await sealed(hub, stream)
    recorder = Recorder()
    hub.join(stream, recorder.socket, since)
    assert recorder.events == [{"type": "resync", "seq": 5}]
    grow(hub, stream, 6)
    await eventually(lambda: recorder.seqs == [6])


async def test_a_position_that_was_forgotten_means_resync(
    hub: Hub, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_module, "MEMORY", 8)
    grow(hub, stream, 20)
    await eventually(lambda: not hub._dirty.is_set())
    recorder = Recorder()
    hub.join(stream, recorder.socket, 3)
    await eventually(lambda: "resync" in recorder.types())
    assert recorder.seqs == []


async def test_more_than_memory_holds_in_one_tick_means_resync_for_all(
    hub: Hub, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_module, "MEMORY", 8)
    recorders = [Recorder(), Recorder(binary=True)]
    for recorder in recorders:
        hub.join(stream, recorder.socket, 0)
    grow(hub, stream, 20)
    await eventually(lambda: all(recorder.events for recorder in recorders))
    for recorder in recorders:
        assert recorder.events == [{"type": "resync", "seq": 20}]
        assert recorder.seqs == []


async def test_it_gets_nothing_after_it_left(hub: Hub, stream: Stream) -> None:
    stays, leaves = Recorder(), Recorder()
    for recorder in (stays, leaves):
        hub.join(stream, recorder.socket, 0)
    hub.leave("main", leaves.socket)
    grow(hub, stream, 1)
    await eventually(lambda: stays.seqs == [1])
    assert leaves.messages == []
    assert len(hub) == 1


async def test_one_that_left_while_it_was_late_is_forgotten(hub: Hub, stream: Stream) -> None:
    grow(hub, stream, 5)
    hub.join(stream, Recorder().socket, 0)
    late = Recorder()
    hub.join(stream, late.socket, 5)
    hub.leave("main", late.socket)
    assert len(hub) == 1
    await asyncio.sleep(0.05)
    assert len(hub) == 1


class TestAmongMany:
    """A crowd so large that other tasks run in the middle of a fan-out."""

    @pytest.fixture(autouse=True)
    def short_breath(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "SOCKETS_PER_TURN", 2)

    async def crowd(self, hub: Hub, stream: Stream) -> list[Recorder]:
        crowd = [Recorder() for _ in range(20)]
        for recorder in crowd:
            hub.join(stream, recorder.socket, 0)
        return crowd

    async def middle(self, crowd: list[Recorder], seq: int) -> None:
        """Wait until some of the crowd have that seq, and others not yet."""
        await eventually(lambda: any(recorder.seqs[-1:] == [seq] for recorder in crowd), pause=0)
        assert not all(recorder.seqs[-1:] == [seq] for recorder in crowd)

    @pytest.mark.parametrize("since", range(11))
    async def test_a_socket_may_join_in_the_middle_of_a_fan_out(
        self, hub: Hub, stream: Stream, since: int
    ) -> None:
        crowd = await self.crowd(hub, stream)
        grow(hub, stream, 8)
        await self.middle(crowd, 8)
        for seq in (9, 10):
            stream.offer(pixel(seq))
        newcomer = Recorder()
        hub.join(stream, newcomer.socket, since)
        grow(hub, stream, 12)
        everyone = [*crowd, newcomer]
        await eventually(lambda: all(recorder.seqs[-1:] == [12] for recorder in everyone))
        assert newcomer.seqs == list(range(since + 1, 13))
        assert all(recorder.seqs == list(range(1, 13)) for recorder in crowd)

    async def test_a_late_socket_may_leave_in_the_middle_of_a_fan_out(
        self, hub: Hub, stream: Stream
    ) -> None:
        crowd = await self.crowd(hub, stream)
        grow(hub, stream, 8)
        late = Recorder()
        hub.join(stream, late.socket, 8)
        await self.middle(crowd, 8)
        hub.leave("main", late.socket)
        await eventually(lambda: all(recorder.seqs[-1:] == [8] for recorder in crowd))
        await asyncio.sleep(0.05)
        assert len(hub) == len(crowd)

    async def test_the_past_may_be_thrown_away_in_the_middle_of_a_fan_out(
        self, hub: Hub, stream: Stream
    ) -> None:
        """No socket keeps pixels of the old past after the resync."""
        crowd = await self.crowd(hub, stream)
        grow(hub, stream, 8)
        await self.middle(crowd, 8)
        stream.board.seq = 3
        hub.reset(stream)
        await eventually(lambda: all("resync" in recorder.types() for recorder in crowd))
        await asyncio.sleep(0.05)
        for recorder in crowd:
            assert recorder.events[-1] == {"type": "resync", "seq": 3}
