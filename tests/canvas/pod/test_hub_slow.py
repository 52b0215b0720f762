"""A socket that falls behind costs the others nothing."""

import asyncio

import pytest

from canvas.pod import hub as module
from canvas.pod import outbox
from canvas.pod.hub import Hub
from canvas.pod.stream import Stream
from canvas.protocol import events
from tests.canvas.helpers import Recorder, eventually, pixel


@pytest.fixture(autouse=True)
def small_outbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "MAX_BYTES", 2000)


class Crowd:
    """A slow socket and a quick one on the same canvas."""

    def __init__(self, hub: Hub, stream: Stream) -> None:
        self.hub, self.stream = hub, stream
        self.slow, self.quick = Recorder(), Recorder()
        for recorder in (self.slow, self.quick):
            hub.join(stream, recorder.socket, 0)
        self.slow.open.clear()

    async def draw(self, count: int) -> None:
        """Place so many pixels, each in a tick of its own."""
        for _ in range(count):
            seq = self.stream.last + 1
            self.stream.offer(pixel(seq))
            self.hub.advance()
            await self.quick.reach(seq)


@pytest.fixture
def crowd(hub: Hub, stream: Stream) -> Crowd:
    return Crowd(hub, stream)


@pytest.mark.slow
async def test_the_others_get_everything(crowd: Crowd) -> None:
    await crowd.draw(25)
    assert crowd.quick.seqs == list(range(1, 26))


async def test_one_that_falls_behind_is_told_to_start_over(crowd: Crowd) -> None:
    await crowd.draw(20)
    crowd.slow.open.set()
    await eventually(lambda: "resync" in crowd.slow.types())
    await crowd.draw(2)
    await crowd.slow.reach(22)
    assert crowd.slow.close_code is None


@pytest.mark.slow
async def test_after_the_resync_nothing_is_missing(crowd: Crowd) -> None:
    await crowd.draw(20)
    crowd.slow.open.set()
    await crowd.draw(3)
    await crowd.slow.reach(23)
    events = crowd.slow.events
    at = next(i for i, event in enumerate(events) if event["type"] == "resync")
    resumed = [event["seq"] for event in events[at + 1 :]]
    assert resumed == list(range(events[at]["seq"] + 1, 24))


@pytest.mark.slow
async def test_one_that_falls_behind_again_is_closed(crowd: Crowd) -> None:
    await crowd.draw(50)
    crowd.slow.open.set()
    await eventually(lambda: crowd.slow.close_code)
    assert crowd.slow.close_code == 4408
    assert crowd.slow.messages[-1]["type"] == "websocket.close"


@pytest.mark.slow
async def test_one_that_falls_behind_much_later_gets_another_chance(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "OVERFLOW_WINDOW", 0.0)
    await crowd.draw(50)
    crowd.slow.open.set()
    await eventually(lambda: "resync" in crowd.slow.types())
    await asyncio.sleep(0.02)
    assert crowd.slow.close_code is None


async def test_it_still_learns_what_everyone_must_know(crowd: Crowd) -> None:
    """A socket that loses its outbox still gets the newest `status` and `stats`."""
    crowd.hub.notify_all(events.status(degraded=True))
    await crowd.draw(20)
    crowd.slow.open.set()
    await eventually(lambda: "resync" in crowd.slow.types())
    assert "status" in crowd.slow.types()


async def test_an_answer_to_a_slow_socket_is_bounded_too(hub: Hub, stream: Stream) -> None:
    slow = Recorder()
    hub.join(stream, slow.socket, 0)
    slow.open.clear()
    for _ in range(200):
        hub.send("main", slow.socket, outbox.Frames.of_text("x" * 100))
    assert slow.socket.outbox.waiting <= 2000
    slow.open.set()
    await eventually(lambda: slow.close_code == 4408)


@pytest.mark.slow
async def test_it_still_gets_its_answers(crowd: Crowd) -> None:
    """Nobody could ask for them again: the page would wait for its pixel for ever."""
    await crowd.draw(3)
    answer = events.pong(7)
    crowd.hub.send("main", crowd.slow.socket, outbox.Frames.of_events(answer))
    await crowd.draw(20)
    crowd.slow.open.set()
    await eventually(lambda: "resync" in crowd.slow.types())
    assert answer in crowd.slow.events
    assert crowd.slow.close_code is None


async def test_the_answer_that_overflows_is_sent_as_well(crowd: Crowd) -> None:
    while crowd.slow.socket.outbox.waiting < 1900:
        await crowd.draw(1)
    answer = events.user_list(["x" * 100], 1, 0)
    crowd.hub.send("main", crowd.slow.socket, outbox.Frames.of_events(answer))
    crowd.slow.open.set()
    await eventually(lambda: answer in crowd.slow.events)
    assert crowd.slow.types()[-1] == "user_list"
    assert "resync" in crowd.slow.types()


async def test_one_whose_answers_alone_are_too_much_is_closed(crowd: Crowd) -> None:
    """Without room for the `resync` pixels would be missing without a word."""
    crowd.slow.socket.outbox.put(outbox.Frames.of_text("a frame that it does not take"))
    for _ in range(20):
        crowd.hub.send("main", crowd.slow.socket, outbox.Frames.of_text("x" * 99))
    await crowd.draw(1)
    crowd.slow.open.set()
    await eventually(lambda: crowd.slow.close_code == 4408)
