"""A pod that stops sends its sockets elsewhere a few at a time, each after its last frames."""

import asyncio

from canvas.gateway import Gateway
from canvas.hub import Hub
from tests.canvas.helpers import Recorder, eventually

SOCKETS = 20


async def sockets_on(pod: Gateway, count: int = SOCKETS) -> list[Recorder]:
    stream = await pod.relay.stream("main")
    recorders = [Recorder() for _ in range(count)]
    for recorder in recorders:
        pod.hub.join(stream, recorder.socket, 0)
    return recorders


def closed(recorders: list[Recorder]) -> int:
    return sum(recorder.close_code == 1012 for recorder in recorders)


async def test_sockets_go_evenly_over_the_window(pod: Gateway) -> None:
    recorders = await sockets_on(pod)
    counts = []
    draining = asyncio.create_task(pod.drain(1.0))
    while not draining.done():
        counts.append(closed(recorders))
        await asyncio.sleep(0.02)
    steps = [after - before for before, after in zip(counts, counts[1:], strict=False)]
    assert max(steps) <= 2 * SOCKETS // 10  # ten steps; two of them when we slept too long
    assert closed(recorders) == SOCKETS


async def test_without_a_window_all_go_at_once(pod: Gateway) -> None:
    recorders = await sockets_on(pod)
    await pod.drain(0)
    assert closed(recorders) == SOCKETS


async def test_it_ends_as_soon_as_nobody_is_left() -> None:
    async with asyncio.timeout(1):
        await Hub().drain(60)


async def test_who_joins_meanwhile_goes_too(pod: Gateway) -> None:
    await sockets_on(pod, 2)
    draining = asyncio.create_task(pod.drain(0.4))
    await asyncio.sleep(0.1)
    (late,) = await sockets_on(pod, 1)
    await draining
    assert late.close_code == 1012


async def test_a_socket_gets_what_waits_for_it_before_the_close(pod: Gateway) -> None:
    (recorder,) = await sockets_on(pod, 1)
    recorder.open.clear()
    for number in range(3):
        pod.hub.notify("main", {"type": "status", "number": number})
        await asyncio.sleep(0.03)
    await pod.drain(0)
    recorder.open.set()
    await eventually(lambda: recorder.close_code == 1012)
    assert [event["number"] for event in recorder.events if "number" in event] == [0, 1, 2]
    assert recorder.messages[-1]["type"] == "websocket.close"
