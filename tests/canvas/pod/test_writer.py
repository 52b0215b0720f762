"""Group commit: many wait for one transaction, and each gets an answer of its own."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from canvas import signals
from canvas.domain.errors import Busy, CoolingDown, Unavailable, UnknownCanvas
from canvas.ledger.placing import Order, Placed
from canvas.models import Canvas
from canvas.pod import writer
from canvas.pod.writer import MAX_BATCH, Writer
from runtime.errors import Invalid, Refused
from tests.canvas.helpers import (
    BOB,
    database_out_of_order,
    eventually,
    in_thread,
    ledger_cells,
    order,
)

pytestmark = pytest.mark.both_databases


@pytest.fixture
def commits() -> Iterator[list[int]]:
    """The sizes of the transactions so far."""
    sizes: list[int] = []

    def listen(pixels: list[Any], **_: Any) -> None:
        sizes.append(len(pixels))

    signals.committed.connect(listen)
    yield sizes
    signals.committed.disconnect(listen)


async def place_all(writer: Writer, *orders: Order) -> list[Placed | BaseException]:
    answers = (writer.place("main", order) for order in orders)
    return await asyncio.gather(*answers, return_exceptions=True)


async def test_it_answers_with_the_placement(main: Canvas) -> None:
    answer = await Writer().place("main", order(3, 4, person=BOB))
    assert answer.pixel[:5] == (1, 3, 4, 2, "bob")


async def test_those_who_come_together_share_a_transaction(
    main: Canvas, commits: list[int]
) -> None:
    await place_all(Writer(), *[order()] * 50)
    assert commits == [50]


async def test_those_who_come_during_a_transaction_share_the_next(
    main: Canvas, commits: list[int]
) -> None:
    writer = Writer()
    first = asyncio.create_task(writer.place("main", order()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await place_all(writer, *[order()] * 30)
    await first
    assert commits == [1, 30]


async def test_a_transaction_has_a_largest_size(main: Canvas, commits: list[int]) -> None:
    await place_all(Writer(), *[order()] * (2 * MAX_BATCH + 5))
    assert commits == [MAX_BATCH, MAX_BATCH, 5]


async def test_they_are_placed_in_the_order_they_came(main: Canvas) -> None:
    answers = await place_all(Writer(), *(order(number % 40) for number in range(450)))
    seqs = [answer.pixel.seq for answer in answers if isinstance(answer, Placed)]
    assert seqs == list(range(1, 451))
    cells = await in_thread(ledger_cells)(main.meta())
    assert sum(map(bool, cells)) == 40


async def test_each_gets_the_answer_that_is_its_own(main: Canvas) -> None:
    answers = await place_all(Writer(), order(0), order(-1), order(2), order(color="#123456"))
    assert [type(answer) for answer in answers] == [Placed, Invalid, Placed, Invalid]


async def test_one_person_at_once_gets_one_pixel(main: Canvas) -> None:
    main.own_cooldown_ms = 60_000
    await main.asave()
    answers = await place_all(Writer(), *[order()] * 8)
    assert [type(answer) for answer in answers] == [Placed] + [CoolingDown] * 7


async def test_an_unknown_canvas_is_refused_to_each(main: Canvas) -> None:
    writer = Writer()
    answers = await asyncio.gather(
        *(writer.place("nowhere", order()) for _ in range(3)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [UnknownCanvas] * 3


async def test_over_the_bound_they_are_refused_as_busy(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "MAX_WAITING", 5)
    answers = await place_all(Writer(), *[order()] * 8)
    assert [type(answer) for answer in answers] == [Placed] * 5 + [Busy] * 3


async def test_a_database_that_fails_is_told_to_each_who_waits(
    main: Canvas, caplog: pytest.LogCaptureFixture
) -> None:
    writer = Writer()
    async with database_out_of_order():
        answers = await place_all(writer, *[order()] * 3)
    assert [type(answer) for answer in answers] == [Unavailable] * 3
    assert len({id(answer) for answer in answers}) == 3
    assert "a batch of 3 placements failed" in caplog.text


async def test_it_goes_on_when_the_database_is_back(main: Canvas) -> None:
    writer = Writer()
    async with database_out_of_order():
        await place_all(writer, order())
    assert (await writer.place("main", order())).pixel.seq == 1


async def test_a_fault_of_ours_is_told_to_each_who_waits(main: Canvas) -> None:
    """No request waits for ever after a fault."""
    broken = order("1")  # type: ignore[arg-type]  # a draw that nobody checked
    async with asyncio.timeout(5):
        answers = await place_all(Writer(), order(), broken, order())
    assert all(isinstance(answer, Refused) for answer in answers)


async def test_one_who_gives_up_does_not_stop_the_others(main: Canvas) -> None:
    writer = Writer()
    first = writer.submit("main", order(1))
    second = writer.submit("main", order(2))
    await eventually(lambda: writer.waiting == 0)
    first.cancel()
    assert (await second).pixel.seq == 2  # the transaction had begun: the first pixel is placed


async def test_one_who_gives_up_before_the_transaction_begins_is_not_placed(main: Canvas) -> None:
    """A request that was answered with 503 leaves nothing behind."""
    writer = Writer()
    first = writer.submit("main", order(1))
    second = writer.submit("main", order(2))
    first.cancel()
    assert (await second).pixel[:2] == (1, 2)


async def test_one_who_waits_too_long_is_refused_and_not_placed(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "PATIENCE", -1.0)
    assert [type(answer) for answer in await place_all(Writer(), order())] == [Busy]
    monkeypatch.undo()
    assert (await Writer().place("main", order(2))).pixel[:2] == (1, 2)


async def test_flush_gives_up_what_the_database_does_not_take(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pod that stops waits for a bounded time, and answers everybody."""
    monkeypatch.setattr(writer, "FLUSH_TIMEOUT", 0.1)
    never = asyncio.Event()

    async def stall(slug: str, orders: Sequence[Order]) -> list[Refused | None]:
        await never.wait()
        return [None] * len(orders)

    stalled = Writer(stall)
    at_work = stalled.submit("main", order(1))
    await eventually(lambda: stalled.waiting == 0)
    waiting = stalled.submit("main", order(2))
    await stalled.flush()
    with pytest.raises(Busy):
        await waiting
    assert not at_work.done()  # its transaction may yet commit
    never.set()
    await at_work


async def test_flush_waits_until_everything_is_answered(main: Canvas) -> None:
    writer = Writer()
    placing = [asyncio.create_task(writer.place("main", order())) for _ in range(5)]
    await asyncio.sleep(0)
    await writer.flush()
    await eventually(lambda: all(task.done() for task in placing))


async def test_flush_has_nothing_to_wait_for_at_rest(main: Canvas) -> None:
    async with asyncio.timeout(1):
        await Writer().flush()


async def test_canvases_have_queues_of_their_own(main: Canvas, commits: list[int]) -> None:
    await Canvas.objects.acreate(slug="other", palette=main.palette, own_cooldown_ms=0)
    writer = Writer()
    places = [writer.place(slug, order()) for slug in ("main", "other", "main")]
    answers = await asyncio.gather(*places)
    assert [answer.pixel.seq for answer in answers] == [1, 1, 2]
    assert sorted(commits) == [1, 2]
