"""Drawing the colour that a cell has already is refused before it costs a charge."""

import asyncio
from collections.abc import Iterator

import pytest

from accounts.bans import ban
from canvas import services
from canvas.domain.errors import Frozen, NoChange
from canvas.domain.rules import Draw
from canvas.ledger.placing import Order, Placed
from canvas.models import Canvas, Placement
from canvas.pod.pod import Pod
from canvas.pod.stream import Stream
from canvas.services import configure
from runtime.errors import Refused
from tests.canvas.helpers import ALICE, BOB, configured, eventually, in_thread, order

pytestmark = pytest.mark.both_databases

BLUE = "#0000FF"


@pytest.fixture
def transactions(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The sizes of the batches that came to the database."""
    sizes: list[int] = []
    place = services.place

    def counted(slug: str, orders: list[Order]) -> list[Placed | Refused]:
        sizes.append(len(orders))
        return place(slug, orders)

    monkeypatch.setattr(services, "place", counted)
    yield sizes


async def outcome(pod: Pod, asked: Order) -> Placed | Refused:
    try:
        return await pod.writer.place("main", asked)
    except Refused as refusal:
        return refusal


async def serving(pod: Pod) -> Stream:
    return await pod.relay.stream("main")


async def test_it_costs_nothing(pod: Pod, main: Canvas) -> None:
    await in_thread(configured)(main, own_cooldown_ms=60_000, charges=2)
    await serving(pod)
    first = await outcome(pod, order(id="op-1"))
    again = await outcome(pod, order(id="op-2"))
    assert isinstance(first, Placed)
    assert isinstance(again, NoChange)
    last = await outcome(pod, order(color=BLUE, id="op-3"))
    assert isinstance(last, Placed)
    assert (first.charges_left, last.charges_left) == (1, 0)


async def test_without_an_id_there_is_no_query(pod: Pod, transactions: list[int]) -> None:
    await serving(pod)
    await outcome(pod, order(person=BOB))
    transactions.clear()
    assert isinstance(await outcome(pod, order(person=BOB)), NoChange)
    assert transactions == []


async def test_the_shadow_list_is_answered_by_what_it_believes_to_see(pod: Pod) -> None:
    """White over one's red is a change, where the board of all others has been white all along."""
    await serving(pod)
    white = pod.relay.current("main").meta.palette[0]
    await in_thread(ban)(person=ALICE.id, reason="maybe a bot", shadow=True)
    drawn = [await outcome(pod, order(color=color)) for color in (BLUE, BLUE, white, white)]
    assert [type(each) for each in drawn] == [Placed, NoChange, Placed, NoChange]


async def test_a_retry_gets_the_first_answer(pod: Pod) -> None:
    await serving(pod)
    first = await outcome(pod, order(id="op-1"))
    again = await outcome(pod, order(id="op-1"))
    assert isinstance(first, Placed)
    assert isinstance(again, Placed)
    assert again.pixel == first.pixel


async def test_two_at_once_place_one(pod: Pod) -> None:
    """A double click: both come before the board shows the first."""
    await serving(pod)
    answers = await asyncio.gather(*(outcome(pod, order(id=f"op-{n}")) for n in range(3)))
    assert [type(answer) for answer in answers] == [Placed, NoChange, NoChange]


async def test_two_in_a_row_place_one(pod: Pod) -> None:
    """The second is handed over while the transaction of the first is under way."""
    await serving(pod)
    first = asyncio.create_task(outcome(pod, order(id="op-1")))
    for _ in range(4):
        await asyncio.sleep(0)
    second = await outcome(pod, order(id="op-2"))
    assert isinstance(await first, Placed)
    assert isinstance(second, NoChange)


async def test_a_cell_that_changes_in_the_same_batch_is_no_longer_what_the_board_shows(
    pod: Pod,
) -> None:
    stream = await serving(pod)
    await outcome(pod, order())
    await eventually(lambda: stream.last == 1)
    asked = [order(color=BLUE, person=BOB, id="op-1"), order(id="op-2"), order(id="op-3")]
    answers = await asyncio.gather(*(outcome(pod, each) for each in asked))
    assert [type(answer) for answer in answers] == [Placed, Placed, NoChange]


async def test_the_background_on_an_empty_cell_is_no_change(pod: Pod) -> None:
    await serving(pod)
    assert isinstance(await outcome(pod, order(color="#FFFFFF", id="op-1")), NoChange)
    assert not await in_thread(Placement.objects.exists)()


async def test_what_the_rules_refuse_keeps_its_reason(pod: Pod) -> None:
    stream = await serving(pod)
    await outcome(pod, order())
    meta = await in_thread(configure)("main", {"frozen": True})
    await eventually(lambda: stream.meta == meta)
    for asked in (order(), order(id="op-1")):
        assert isinstance(await outcome(pod, asked), Frozen)


async def test_a_canvas_that_no_board_is_of_is_decided_by_the_ledger(pod: Pod) -> None:
    assert not pod.relay.seen("nowhere", Draw(1, 1, BLUE)).has_asked_color
    assert isinstance((await in_thread(services.place)("main", [order()] * 2))[1], Placed)
    assert ALICE.id == order().person.id
