"""The process around its pod: it counts tasks, and refuses an id that others ignore."""

import asyncio
import math
import time

import pytest
from django.core.exceptions import ImproperlyConfigured

from pixelsite import lifespan
from presence.leases import MAX_POD_ID


async def test_tasks_are_counted_from_another_thread() -> None:
    loop = asyncio.get_running_loop()
    before = await asyncio.to_thread(lifespan.count_tasks, loop)
    waiting = [asyncio.create_task(asyncio.sleep(60)) for _ in range(50)]
    assert await asyncio.to_thread(lifespan.count_tasks, loop) == before + 50
    for task in waiting:
        task.cancel()


async def test_a_loop_that_does_not_answer_holds_up_no_export(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lifespan, "COUNTING_TIMEOUT", 0.05)
    counting = asyncio.to_thread(lifespan.count_tasks, asyncio.get_running_loop())
    task = asyncio.create_task(counting)
    await asyncio.sleep(0)
    time.sleep(0.5)  # noqa: ASYNC251 - the loop is busy
    assert math.isnan(await task)


def test_a_loop_that_has_ended_has_no_count() -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    assert math.isnan(lifespan.count_tasks(loop))


def test_an_id_that_other_pods_ignore_is_refused() -> None:
    lifespan.check_pod_id("p" * MAX_POD_ID)
    with pytest.raises(ImproperlyConfigured, match="POD_ID has at most 256 bytes"):
        lifespan.check_pod_id("é" * MAX_POD_ID)
