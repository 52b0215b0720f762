"""The process around its pod: it counts tasks, and refuses an id that others ignore."""

import asyncio
import math
import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from pixelsite import lifespan
from pixelsite.redis.connection import SharedConnection
from presence.lease_format import MAX_POD_ID, key_of
from presence.roster import Lease


async def test_tasks_are_counted_from_another_thread() -> None:
    loop = asyncio.get_running_loop()
    before = await asyncio.to_thread(lifespan.count_tasks, loop)
    waiting = [asyncio.create_task(asyncio.sleep(60)) for _ in range(50)]
    assert await asyncio.to_thread(lifespan.count_tasks, loop) == before + 50
    for task in waiting:
        task.cancel()


@pytest.mark.slow
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


@pytest.mark.parametrize(("messages", "people"), [("each", 2), ("commit", 1)])
async def test_leases_of_foreign_gateways_count_where_there_are_some(
    messages: str, people: int, connection: SharedConnection, settings: Any
) -> None:
    settings.PIXEL_MESSAGES = messages
    leases = lifespan.leases_in(SimpleNamespace(connection=connection))
    await leases.write("pod-1", Lease(1, ()))
    async with connection.turn() as redis:
        await redis.set(key_of("foreign"), b'{"count": 1, "usernames": ["Nora"], "timestamp": 1}')
    assert len(await leases.read(["pod-1", "foreign"])) == people


def test_an_id_that_other_pods_ignore_is_refused() -> None:
    lifespan.check_pod_id("p" * MAX_POD_ID)
    with pytest.raises(ImproperlyConfigured, match="POD_ID has at most 256 bytes"):
        lifespan.check_pod_id("é" * MAX_POD_ID)
