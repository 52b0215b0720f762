"""The lanes of a pod: one that is taken whole, with more that wait, keeps no other waiting."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event

import pytest

from canvas.models import Canvas
from canvas.pod import arrivals
from canvas.pod.pod import Pod
from runtime.threads import WATCH, WORK, Lane
from tests.canvas.helpers import Recorder, eventually, order

WAITING = 50  # jobs, besides those that hold its threads

pytestmark = pytest.mark.both_databases


@asynccontextmanager
async def taken(lane: Lane) -> AsyncIterator[list[asyncio.Task[bool]]]:
    """Take all threads of a lane, and have others wait for them."""
    end = Event()
    tasks = [asyncio.create_task(lane.run(end.wait, 60)) for _ in range(lane.threads + WAITING)]
    await asyncio.sleep(0.05)
    try:
        yield tasks
        assert not any(task.done() for task in tasks)
    finally:
        end.set()
        assert all(await asyncio.gather(*tasks))


@pytest.mark.slow
@pytest.mark.parametrize("lane", [WORK, WATCH], ids=lambda lane: lane.name)
async def test_drawing_goes_on(pod: Pod, main: Canvas, lane: Lane) -> None:
    recorder = Recorder()
    pod.hub.join(await pod.relay.stream("main"), recorder.socket, 0)
    async with taken(lane):
        for seq in range(1, 21):
            placed = await asyncio.wait_for(pod.writer.place("main", order(seq)), 5)
            assert placed.pixel.seq == seq
        await eventually(lambda: recorder.seqs == list(range(1, 21)))


async def test_arrivals_and_the_look_at_the_ledger_go_on_beside_work(
    pod: Pod, main: Canvas
) -> None:
    await pod.relay.stream("main")
    async with taken(WORK):
        known = await asyncio.wait_for(arrivals.Arrivals().look_up("no session"), 5)
        assert known is not None
        await asyncio.wait_for(pod.relay.check(), 5)
