"""The relay takes a canvas from the database once, and shares it."""

import asyncio

import pytest

from canvas.domain.errors import UnknownCanvas
from canvas.models import Canvas
from canvas.pod.relay import Relay
from canvas.services import configure
from tests.canvas.helpers import WIDTH, drawn, in_thread, ledger_cells, order

pytestmark = pytest.mark.both_databases


async def test_a_stream_begins_with_the_board_of_the_ledger(relay: Relay, main: Canvas) -> None:
    await drawn(*(order(number) for number in range(20)))
    stream = await relay.stream("main")
    assert stream.last == 20
    assert stream.board.cells == await in_thread(ledger_cells)(main.meta())


async def test_a_stream_begins_with_the_recent_past(relay: Relay) -> None:
    pixels = await drawn(*(order(number) for number in range(20)))
    stream = await relay.stream("main")
    assert stream.between(0, 20) == pixels


async def test_a_stream_of_a_canvas_that_grew_knows_its_past(relay: Relay) -> None:
    pixels = await drawn(order(), order())
    await in_thread(configure)("main", {"width": WIDTH + 10})
    stream = await relay.stream("main")
    assert stream.between(0, 2) == pixels


async def test_a_commit_of_this_pod_needs_no_message(relay: Relay, main: Canvas) -> None:
    """The broker may be down: its own sockets see what it has committed."""
    stream = await relay.stream("main")
    pixels = await drawn(order(1), order(2))
    relay.commit(main.meta(), pixels)
    assert stream.between(0, 2) == pixels


async def test_everyone_gets_the_same_stream(relay: Relay) -> None:
    streams = await asyncio.gather(*(relay.stream("main") for _ in range(10)))
    assert len({id(stream) for stream in [*streams, await relay.stream("main")]}) == 1


async def test_an_unknown_canvas_has_none(relay: Relay) -> None:
    answers = await asyncio.gather(
        *(relay.stream("nowhere") for _ in range(3)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [UnknownCanvas] * 3


async def test_one_who_gives_up_does_not_take_it_from_the_others(relay: Relay) -> None:
    first = asyncio.create_task(relay.stream("main"))
    second = asyncio.create_task(relay.stream("main"))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).last == 0
