"""Sockets of plain JSON get single pixels in bounded number, and a resync for more."""

import pytest

from canvas.pod import text_gate
from canvas.pod.hub import Hub
from canvas.pod.stream import Stream
from canvas.pod.text_gate import CALM, MAX_HOLD, MAX_TEXT, TextGate, Verdict
from tests.canvas.helpers import Recorder, eventually, pixel

SEND, HOLD, RESYNC = Verdict.SEND, Verdict.HOLD, Verdict.RESYNC


def test_usual_ticks_are_sent() -> None:
    gate = TextGate()
    assert [gate.judge(MAX_TEXT, at / 10) for at in range(50)] == [SEND] * 50
    assert not gate.holds


def test_a_crowd_is_held_until_it_is_calm() -> None:
    gate = TextGate()
    assert gate.judge(MAX_TEXT + 1, 0) is HOLD
    assert gate.judge(1, CALM / 2) is HOLD
    assert gate.judge(0, CALM) is RESYNC
    assert gate.judge(1, CALM) is SEND


def test_it_is_held_for_a_bounded_time() -> None:
    gate = TextGate()
    verdicts = [gate.judge(MAX_TEXT + 1, tick / 10) for tick in range(120)]
    assert [tick / 10 for tick, each in enumerate(verdicts) if each is RESYNC] == [
        MAX_HOLD,
        2 * MAX_HOLD,
    ]
    assert SEND not in verdicts


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_gate, "MAX_TEXT", 20)
    monkeypatch.setattr("canvas.pod.hub.MAX_TEXT", 20)
    monkeypatch.setattr(text_gate, "CALM", 0.05)
    monkeypatch.setattr("canvas.pod.hub.CALM", 0.05)


@pytest.mark.usefixtures("small")
async def test_a_large_act_costs_text_sockets_one_resync(hub: Hub, stream: Stream) -> None:
    text, binary = Recorder(), Recorder(binary=True)
    for each in (text, binary):
        hub.join(stream, each.socket, 0)
    for _ in range(5):
        for _ in range(100):
            stream.offer(pixel(stream.last + 1))
        hub.advance()
        await binary.reach(stream.last)
    await eventually(lambda: "resync" in text.types())
    stream.offer(pixel(stream.last + 1))
    hub.advance()
    await text.reach(501)
    assert text.types() == ["resync", "pixel_updated"]
    assert text.events[0]["seq"] == 500
    assert binary.seqs == list(range(1, 502))


@pytest.mark.usefixtures("small")
async def test_a_text_socket_that_comes_late_fetches_the_board(hub: Hub, stream: Stream) -> None:
    watcher = Recorder(binary=True)
    hub.join(stream, watcher.socket, 0)
    for _ in range(100):
        stream.offer(pixel(stream.last + 1))
    hub.advance()
    await watcher.reach(100)
    late, near = Recorder(), Recorder()
    hub.join(stream, late.socket, 10)
    hub.join(stream, near.socket, 85)
    assert late.types() == ["resync"]
    assert near.seqs == list(range(86, 101))


@pytest.mark.usefixtures("small")
async def test_one_that_is_paused_meanwhile_misses_nothing(hub: Hub, stream: Stream) -> None:
    text, binary = Recorder(), Recorder(binary=True)
    for each in (text, binary):
        hub.join(stream, each.socket, 0)
    for _ in range(100):
        stream.offer(pixel(stream.last + 1))
    hub.advance()
    await binary.reach(100)
    hub.pause("main", text.socket)
    hub.resume("main", text.socket)
    assert text.types() == ["resync"]
