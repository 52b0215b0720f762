"""Boards that nobody looks at leave memory, and no visitor fills it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from canvas.domain.errors import Busy, UnknownCanvas
from canvas.models import Canvas
from canvas.pod import streams
from canvas.pod.hub import Hub
from canvas.pod.pod import Pod
from canvas.pod.relay import Relay
from tests.canvas.helpers import Recorder, draw, drawn, eventually, in_thread, lose, order

pytestmark = pytest.mark.both_databases


@pytest.fixture
async def canvases(main: Canvas) -> AsyncIterator[list[str]]:
    """Four canvases beside `main`, of the same size."""
    slugs = [f"canvas-{number}" for number in range(4)]
    for slug in slugs:
        await Canvas.objects.acreate(slug=slug, width=main.width, height=main.height)
    yield slugs
    await Canvas.objects.filter(slug__in=slugs).adelete()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock that the streams go by, which the test turns."""
    now = [1_000.0]
    monkeypatch.setattr("canvas.pod.streams.time.monotonic", lambda: now[0])
    return now


def loaded(relay: Relay) -> list[str]:
    return sorted(stream.meta.slug for stream in relay.streams())


async def test_an_idle_board_leaves_memory_and_comes_back(main: Canvas, clock: list[float]) -> None:
    relay = Relay(Hub())
    left: list[str] = []
    relay.on_discard = left.append
    await draw(order(1))
    await relay.stream("main")
    clock[0] += streams.IDLE - 1
    await relay.stream("main")
    clock[0] += streams.IDLE - 1
    relay.unload_idle()
    assert loaded(relay) == ["main"]
    clock[0] += 2
    relay.unload_idle()
    assert (loaded(relay), left) == ([], ["main"])
    assert (await relay.stream("main")).last == 1


async def test_a_board_with_a_socket_stays(main: Canvas, clock: list[float]) -> None:
    relay = Relay(Hub())
    await relay.stream("main")
    relay.hold("main")
    relay.hold("main")
    relay.let_go("main")
    clock[0] += 10 * streams.IDLE
    relay.unload_idle()
    assert loaded(relay) == ["main"]
    relay.let_go("main")
    relay.unload_idle()
    assert loaded(relay) == ["main"], "for IDLE seconds more"
    clock[0] += streams.IDLE + 1
    relay.unload_idle()
    assert loaded(relay) == []


async def test_a_damaged_board_stays(main: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be forgotten that it is, and the next visitor would load it again."""
    await drawn(order(1), order(2), order(3))
    await in_thread(lose)(main, 2)
    relay = Relay(Hub())
    await relay.stream("main")
    assert "main" in relay.damaged
    monkeypatch.setattr(streams, "IDLE", -1.0)
    relay.unload_idle()
    assert loaded(relay) == ["main"]


async def test_a_board_that_is_being_read_anew_stays(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = Relay(Hub())
    stream = await relay.stream("main")
    monkeypatch.setattr(streams, "IDLE", -1.0)
    relay.disprove(stream, 0)
    relay.unload_idle()
    assert loaded(relay) == ["main"]
    await eventually(lambda: relay.current("main") is not stream)
    await eventually(lambda: not relay._ledger.needs("main"))
    relay.unload_idle()
    assert loaded(relay) == []


async def test_a_suspicion_does_not_outlast_the_board(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = Relay(Hub())
    stream = await relay.stream("main")
    (truth,) = await drawn()
    relay.commit(stream.meta, [truth])
    relay.commit(stream.meta, [truth._replace(x=9)])
    with monkeypatch.context() as patch:
        patch.setattr(streams, "IDLE", -1.0)
        relay.unload_idle()
    stream = await relay.stream("main")
    await relay.check()
    assert not relay._ledger.needs("main"), "what is in memory now has been read since"
    assert relay.current("main") is stream


async def test_a_socket_sees_the_board_of_after_it_came_back(
    pod: Pod, monkeypatch: pytest.MonkeyPatch
) -> None:
    await draw(order(1))
    stream = await pod.relay.stream("main")
    pod.hub.join(stream, (first := Recorder()).socket, stream.last)
    pod.hub.leave("main", first.socket)
    monkeypatch.setattr(streams, "IDLE", -1.0)
    pod.relay.unload_idle()
    monkeypatch.undo()
    await draw(order(2))
    stream = await pod.relay.stream("main")
    pod.hub.join(stream, (second := Recorder()).socket, stream.last)
    await draw(order(3))
    await eventually(lambda: second.seqs == [3])


async def test_over_the_bound_the_longest_unused_goes_first(
    canvases: list[str], clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = Relay(Hub())
    for slug in canvases:
        await relay.stream(slug)
        clock[0] += streams.FRESH + 1
    await relay.stream(canvases[0])
    one = relay.streams()[0].size
    monkeypatch.setattr(streams, "MAX_BYTES", 2 * one)
    relay.unload_idle()
    assert loaded(relay) == [canvases[0], canvases[3]]


async def test_a_board_that_is_just_loaded_stays(
    canvases: list[str], clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "MAX_BYTES", 1)
    relay = Relay(Hub())
    await relay.stream(canvases[0])
    relay.unload_idle()
    assert loaded(relay) == [canvases[0]]


async def test_while_all_memory_is_in_use_no_other_board_is_loaded(
    canvases: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "MAX_BYTES", 1)
    relay = Relay(Hub())
    await relay.stream(canvases[0])
    relay.hold(canvases[0])
    await relay.stream(canvases[0])
    with pytest.raises(Busy):
        await relay.stream(canvases[1])


async def test_so_many_boards_are_loaded_at_once_and_wait(
    canvases: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "MAX_LOADING", 3)
    going = most = 0

    async def load(self: Any, slug: str) -> Any:
        nonlocal going, most
        going += 1
        most = max(most, going)
        await asyncio.sleep(0.05)
        going -= 1
        return slug

    monkeypatch.setattr(streams.Streams, "load", load)
    relay = Relay(Hub())
    asked = await asyncio.gather(*map(relay.stream, canvases), return_exceptions=True)
    assert most == streams.LOADS_AT_ONCE
    assert [isinstance(answer, Busy) for answer in asked] == [False, False, False, True]


async def test_a_hundred_names_of_no_canvas_leave_nothing(main: Canvas) -> None:
    relay = Relay(Hub())
    for number in range(100):
        with pytest.raises(UnknownCanvas):
            await relay.stream(f"none-{number}")
    assert relay._streams._used_at == {}
