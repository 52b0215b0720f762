"""A loop's pause: an interval, cut short by a call, never shorter than a bound."""

import asyncio

import pytest

from runtime.waiting import Wakeup, wait_for_event


async def test_an_event_that_comes_ends_the_wait() -> None:
    event = asyncio.Event()
    asyncio.get_running_loop().call_later(0.01, event.set)
    assert await wait_for_event(event, 60)


async def test_time_ends_the_wait_as_well() -> None:
    assert not await wait_for_event(asyncio.Event(), 0.01)


async def test_an_event_that_came_before_needs_no_wait() -> None:
    event = asyncio.Event()
    event.set()
    assert await wait_for_event(event, 0)


async def test_a_cancelled_wait_is_cancelled() -> None:
    waiting = asyncio.create_task(wait_for_event(asyncio.Event(), 60))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def rounds(wakeup: Wakeup, count: int) -> list[bool]:
    return [await wakeup.wait() for _ in range(count)]


async def test_a_round_is_due_after_the_longest_pause() -> None:
    assert await rounds(Wakeup(0.0, 0.01), 2) == [False, False]


async def test_a_call_makes_the_next_round_due_once() -> None:
    wakeup = Wakeup(0.0, 0.05)
    wakeup.wake()
    assert await rounds(wakeup, 2) == [True, False]


async def test_a_storm_of_calls_is_one_round() -> None:
    wakeup = Wakeup(0.05, 60)
    clock = asyncio.get_running_loop().time
    started = clock()
    for _ in range(100):
        wakeup.wake()
    assert await wakeup.wait()
    assert clock() - started >= 0.05
