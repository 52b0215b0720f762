"""A pod that stops sends its sockets elsewhere a few at a time, each after its last frames."""

import asyncio

import pytest

from canvas.pod.drain import drain
from canvas.pod.hub import Hub
from canvas.pod.pod import Pod
from canvas.protocol import events
from tests.canvas.helpers import Recorder, eventually

SOCKETS = 20

TOLD_AT = 42  # ms since 1970: no event of the pod itself has this time


async def sockets_on(pod: Pod, count: int = SOCKETS) -> list[Recorder]:
    stream = await pod.relay.stream("main")
    recorders = [Recorder() for _ in range(count)]
    for recorder in recorders:
        pod.hub.join(stream, recorder.socket, 0)
    return recorders


def closed(recorders: list[Recorder]) -> int:
    return sum(recorder.close_code == 1012 for recorder in recorders)


@pytest.mark.slow
async def test_sockets_go_evenly_over_the_window(pod: Pod) -> None:
    recorders = await sockets_on(pod)
    counts = []
    draining = asyncio.create_task(pod.drain(1.0))
    while not draining.done():
        counts.append(closed(recorders))
        await asyncio.sleep(0.02)
    steps = [after - before for before, after in zip(counts, counts[1:], strict=False)]
    assert max(steps) <= 2 * SOCKETS // 10  # ten steps; two of them when we slept too long
    assert closed(recorders) == SOCKETS


async def test_without_a_window_all_go_at_once(pod: Pod) -> None:
    recorders = await sockets_on(pod)
    await pod.drain(0)
    assert closed(recorders) == SOCKETS


async def test_it_ends_as_soon_as_nobody_is_left() -> None:
    async with asyncio.timeout(1):
        await drain(Hub(), 60)


async def test_who_joins_meanwhile_goes_too(pod: Pod) -> None:
    await sockets_on(pod, 2)
    draining = asyncio.create_task(pod.drain(0.4))
    await asyncio.sleep(0.1)
    (late,) = await sockets_on(pod, 1)
    await draining
    assert late.close_code == 1012


async def test_a_socket_gets_what_waits_for_it_before_the_close(pod: Pod) -> None:
    (recorder,) = await sockets_on(pod, 1)
    recorder.open.clear()
    for number in range(3):
        pod.hub.notify("main", events.stats(number, timestamp=TOLD_AT))
        await asyncio.sleep(0.03)
    await pod.drain(0)
    recorder.open.set()
    await eventually(lambda: recorder.close_code == 1012)
    assert [
        each["activeUsers"] for each in recorder.events if each.get("timestamp") == TOLD_AT
    ] == [0, 1, 2]
    assert recorder.messages[-1]["type"] == "websocket.close"
