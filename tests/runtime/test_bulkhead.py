"""A bulkhead bounds who works and who waits, and gives every place back."""

import asyncio
import threading

import pytest

from runtime.bulkhead import Bulkhead, Full, Turn, await_without_turn, turn_released
from tests.canvas.helpers import eventually


async def begun(bulkhead: Bulkhead) -> Turn:
    turn = bulkhead.turn()
    await turn.begin()
    return turn


async def test_so_many_work_at_once_and_the_first_who_waits_is_next() -> None:
    bulkhead = Bulkhead(2, waiting=9, patience=10)
    at_work = [await begun(bulkhead), await begun(bulkhead)]
    order: list[int] = []

    async def come(number: int) -> Turn:
        turn = await begun(bulkhead)
        order.append(number)
        return turn

    waiting = [asyncio.create_task(come(number)) for number in range(3)]
    await eventually(lambda: len(bulkhead) == 3)
    at_work[0].end()
    at_work[0].end()  # a second time changes nothing
    await eventually(lambda: order == [0])
    assert len(bulkhead) == 2
    at_work[1].end()
    (await waiting[0]).end()
    for task in waiting[1:]:
        (await task).end()
    assert order == [0, 1, 2]


async def test_more_than_may_wait_are_refused() -> None:
    refused: list[None] = []
    bulkhead = Bulkhead(1, waiting=1, patience=10, on_full=lambda: refused.append(None))
    first = await begun(bulkhead)
    second = asyncio.create_task(begun(bulkhead))
    await eventually(lambda: len(bulkhead) == 1)
    with pytest.raises(Full):
        await begun(bulkhead)
    assert refused == [None]
    first.end()
    (await second).end()


async def test_one_who_waits_too_long_is_refused_and_takes_no_place() -> None:
    bulkhead = Bulkhead(1, waiting=9, patience=0.02)
    first = await begun(bulkhead)
    with pytest.raises(Full):
        await begun(bulkhead)
    first.end()
    (await begun(bulkhead)).end()
    assert len(bulkhead) == 0


async def test_one_who_goes_while_waiting_takes_no_place() -> None:
    bulkhead = Bulkhead(1, waiting=9, patience=10)
    first = await begun(bulkhead)
    waiting = asyncio.create_task(begun(bulkhead))
    await eventually(lambda: len(bulkhead) == 1)
    first.end()  # the place is given to the one who goes in the same moment
    waiting.cancel()
    await asyncio.wait([waiting])
    async with asyncio.timeout(1):
        (await begun(bulkhead)).end()


async def test_what_it_waits_for_outside_keeps_no_place() -> None:
    bulkhead = Bulkhead(1, waiting=9, patience=10)
    came, done = asyncio.Event(), asyncio.Event()

    async def work() -> str:
        turn = await begun(bulkhead)
        came.set()
        await await_without_turn(done.wait())
        turn.end()
        return "done"

    first = asyncio.create_task(work())
    await came.wait()
    other = await begun(bulkhead)
    done.set()
    await eventually(lambda: len(bulkhead) == 1)  # it waits for its place again
    other.end()
    assert await first == "done"
    (await begun(bulkhead)).end()


async def test_a_turn_that_ended_outside_takes_no_place_again() -> None:
    """A client may go while its request waits for a commit."""
    bulkhead = Bulkhead(1, waiting=9, patience=10)
    turn, done = await begun(bulkhead), asyncio.Event()
    waiting = asyncio.create_task(await_without_turn(done.wait()))
    await asyncio.sleep(0)
    turn.end()
    done.set()
    await waiting
    async with asyncio.timeout(1):
        (await begun(bulkhead)).end()


async def test_a_thread_that_waits_for_something_else_keeps_no_place() -> None:
    bulkhead = Bulkhead(1, waiting=9, patience=10)
    turn, go_on = await begun(bulkhead), threading.Event()

    def work() -> str:
        with turn_released():
            assert go_on.wait(10)
        return "done"

    first = asyncio.create_task(asyncio.to_thread(work))
    other = await asyncio.create_task(begun(bulkhead))  # in a context of its own
    go_on.set()
    await eventually(lambda: len(bulkhead) == 1)
    other.end()
    assert await first == "done"
    turn.end()
    (await begun(bulkhead)).end()
