"""One pod, wired together: from a commit in any thread to its sockets and to other pods."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from canvas.domain.pixel import Pixel
from canvas.ledger import reads
from canvas.models import Canvas
from canvas.pod import relay
from canvas.pod.pod import Pod
from canvas.protocol import announcements, events
from canvas.services import configure
from presence.leases import MemoryLeases
from tests.canvas.helpers import (
    Recorder,
    advanced,
    draw,
    drawn,
    eventually,
    in_thread,
    ledger_cells,
    order,
)
from tests.canvas.layer import FickleLayer

pytestmark = pytest.mark.both_databases


@pytest.fixture
def layer() -> FickleLayer:
    return FickleLayer()


@pytest.fixture
def leases() -> MemoryLeases:
    return MemoryLeases()


@pytest.fixture
async def lone(main: Canvas, layer: FickleLayer, leases: MemoryLeases) -> AsyncIterator[Pod]:
    """A pod whose messages can be seen."""
    pod = Pod("pod-1", layer, leases)
    await pod.start()
    yield pod
    await pod.stop()


async def socket_on(pod: Pod) -> Recorder:
    recorder = Recorder()
    pod.hub.join(await pod.relay.stream("main"), recorder.socket, 0)
    return recorder


def pixels_told(layer: FickleLayer) -> list[list[object]]:
    return [
        [message.get("seq") for message in messages]
        for group, messages in layer.sent
        if group == "pixel-updates"
    ]


async def test_a_commit_in_any_thread_reaches_the_sockets(lone: Pod) -> None:
    recorder = await socket_on(lone)
    await drawn(order(1), order(2))
    await eventually(lambda: recorder.seqs == [1, 2])


async def test_a_commit_is_published_once_in_one_batch(lone: Pod, layer: FickleLayer) -> None:
    await socket_on(lone)
    await draw(order(1), order(-1), order(2))
    await drawn(order(3))
    await eventually(lambda: len(pixels_told(layer)) == 2)
    await asyncio.sleep(0.05)
    assert pixels_told(layer) == [[1, 2], [3]]


async def test_a_commit_on_a_canvas_without_sockets_is_published_too(
    lone: Pod, layer: FickleLayer
) -> None:
    await drawn()
    await eventually(lambda: pixels_told(layer) == [[1]])


async def test_a_very_large_commit_is_published_as_a_hint(lone: Pod, layer: FickleLayer) -> None:
    await drawn(*[order()] * 501)
    await eventually(lambda: pixels_told(layer))
    sent = [messages for group, messages in layer.sent if group == "pixel-updates"]
    (head,) = (await in_thread(reads.heads)(["main"])).values()
    assert sent == [[advanced(head.meta, 501)]]


async def test_what_another_pod_placed_reaches_the_sockets(lone: Pod, layer: FickleLayer) -> None:
    recorder = await socket_on(lone)
    meta = (await lone.relay.stream("main")).meta
    layer.bring(announcements.pixel_message(meta, Pixel(1, 1, 1, 2, "eve", 1)))
    await eventually(lambda: recorder.seqs == [1])


@pytest.mark.slow
async def test_sockets_are_served_while_the_bus_is_down(lone: Pod, layer: FickleLayer) -> None:
    recorder = await socket_on(lone)
    layer.down = True
    for x in range(5):
        await drawn(order(x))
    await eventually(lambda: recorder.seqs == [1, 2, 3, 4, 5])


@pytest.mark.slow
async def test_sockets_are_told_that_the_bus_is_down_and_back(
    lone: Pod, layer: FickleLayer
) -> None:
    recorder = await socket_on(lone)
    layer.down = True
    await drawn()
    await eventually(lambda: events.status(degraded=True) in recorder.events)
    layer.down = False
    await eventually(lambda: events.status(degraded=False) in recorder.events)


@pytest.fixture
def looks_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "CHECK_INTERVAL", 60.0)


@pytest.mark.usefixtures("looks_seldom")
async def test_other_rules_are_told_to_sockets_and_pods(lone: Pod, layer: FickleLayer) -> None:
    recorder = await socket_on(lone)
    await in_thread(configure)("main", {"frozen": True})
    await eventually(lambda: "canvas_changed" in recorder.types())
    meta = (await lone.relay.stream("main")).meta
    assert meta.revision == 2
    changed = ("pixel-updates", [announcements.rules_changed(meta, 0)])
    await eventually(lambda: changed in layer.sent)


async def test_garbage_of_other_pods_stops_nothing(lone: Pod, layer: FickleLayer) -> None:
    recorder = await socket_on(lone)
    garbage: list[object] = [
        {},
        [],
        None,
        "x",
        {"type": "user_update"},
        {"type": "user_update", "podId": 5},
    ]
    for each in garbage:
        layer.bring(each)
    await drawn()
    await eventually(lambda: recorder.seqs == [1])


async def test_another_thread_may_wait_for_the_pod(lone: Pod) -> None:
    placed = await in_thread(lone.wait)(lone.writer.place("main", order()))
    assert placed.pixel.seq == 1


async def test_it_answers_what_it_accepted_before_it_stops(
    main: Canvas, layer: FickleLayer, leases: MemoryLeases
) -> None:
    pod = Pod("pod-1", layer, leases)
    await pod.start()
    await pod.relay.stream("main")
    placing = [asyncio.create_task(pod.writer.place("main", order(n))) for n in range(20)]
    await asyncio.sleep(0)
    await pod.stop()
    assert [task.result().pixel.seq for task in placing] == list(range(1, 21))
    assert sum(map(len, pixels_told(layer))) == 20


async def test_a_pod_that_stopped_leaves_nothing_behind(
    main: Canvas, layer: FickleLayer, leases: MemoryLeases
) -> None:
    pod = Pod("pod-1", layer, leases)
    await pod.start()
    pod.presence.enter("a", "alice")
    await eventually(lambda: pod.presence.everyone().count == 1)
    await eventually(lambda: "pod-1" in leases._leases)
    await pod.stop()
    assert await leases.search(0) == (set(), 0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    sent = len(layer.sent)
    await drawn()
    await asyncio.sleep(0.02)
    assert len(layer.sent) == sent


@pytest.mark.slow
async def test_a_slow_goodbye_does_not_bring_the_lease_back(
    main: Canvas, layer: FickleLayer, leases: MemoryLeases
) -> None:
    pod = Pod("pod-1", layer, leases)
    await pod.start()
    pod.presence.enter("a", "alice")
    await eventually(lambda: "pod-1" in leases._leases)
    pod.presence.enter("b", "bob")
    layer.hung = True
    await pod.stop()
    assert await leases.search(0) == (set(), 0)


async def test_the_boards_of_all_its_canvases_are_those_of_the_ledger(lone: Pod) -> None:
    recorder = await socket_on(lone)
    await asyncio.gather(*(drawn(*(order(x, y) for x in range(9))) for y in range(9)))
    await eventually(lambda: recorder.seqs == list(range(1, 82)))
    stream = await lone.relay.stream("main")
    assert stream.board.cells == await in_thread(ledger_cells)(stream.meta)
