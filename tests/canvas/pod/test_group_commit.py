"""Canvases that are drawn on at the same time share transactions, and no fault of one another."""

import asyncio
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.bans import ban
from canvas import services, signals
from canvas.domain.errors import CoolingDown, DrawnOver, Unavailable, UnknownCanvas
from canvas.domain.pixel import Seen
from canvas.ledger import facts, locking
from canvas.ledger.placing import Order, Placed
from canvas.models import Canvas, Placement, SpentCharges
from canvas.pod.group_commit import MAX_TOGETHER, grouped
from canvas.pod.writer import Writer
from canvas.services import Answers, Batch
from runtime.errors import Invalid, Refused
from tests.canvas.helpers import (
    ALICE,
    BOB,
    GUEST,
    HEIGHT,
    ON_SQLITE,
    PALETTE,
    WIDTH,
    in_thread,
    order,
)

pytestmark = pytest.mark.both_databases

SLUGS = [f"canvas-{number}" for number in range(5)]


@pytest.fixture
def canvases(main: Canvas) -> list[Canvas]:
    """Five canvases beside `main`."""
    rules = {"width": WIDTH, "height": HEIGHT, "palette": list(PALETTE), "own_cooldown_ms": 0}
    return [Canvas.objects.create(slug=slug, **rules) for slug in SLUGS]


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The canvases of each shared transaction."""
    shared: list[list[str]] = []
    place_together = services.place_together

    def counted(batches: Sequence[Batch]) -> list[Answers | None]:
        shared.append([batch.slug for batch in batches])
        return place_together(batches)

    monkeypatch.setattr(services, "place_together", counted)
    return shared


@pytest.fixture
def told() -> Iterator[list[tuple[str, list[int]]]]:
    """The canvas and the seqs of each signal of a commit."""
    heard: list[tuple[str, list[int]]] = []

    def listen(*, meta: Any, pixels: Any, **_: Any) -> None:
        heard.append((meta.slug, [pixel.seq for pixel in pixels]))

    signals.committed.connect(listen)
    yield heard
    signals.committed.disconnect(listen)


async def draw(writer: Writer, *slugs: str, **more: Any) -> list[Placed | BaseException]:
    answers = (writer.place(slug, order(person=ALICE, **more)) for slug in slugs)
    return await asyncio.gather(*answers, return_exceptions=True)


@contextmanager
def held(slug: str) -> Iterator[None]:
    """Hold the row of a canvas by a transaction of another connection."""
    has_begun, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Canvas.objects.select_for_update().get(slug=slug)
                has_begun.set()
                assert may_end.wait(20)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert has_begun.wait(10)
        yield
    finally:
        may_end.set()
        holder.join()


def rows() -> list[tuple[str, int]]:
    return list(Placement.objects.order_by("canvas_id", "seq").values_list("canvas__slug", "seq"))


async def test_canvases_that_are_drawn_on_at_once_share_a_transaction(
    canvases: list[Canvas], together: list[list[str]], told: list[tuple[str, list[int]]]
) -> None:
    answers = await draw(Writer(), *SLUGS)
    assert together == [SLUGS]
    assert [answer.meta.slug for answer in answers if isinstance(answer, Placed)] == SLUGS
    assert sorted(told) == [(slug, [1]) for slug in SLUGS]
    assert await in_thread(rows)() == [(slug, 1) for slug in SLUGS]


async def test_one_canvas_has_transactions_of_its_own(
    canvases: list[Canvas], together: list[list[str]]
) -> None:
    await draw(Writer(), "canvas-0", "canvas-0")
    assert together == []
    assert await in_thread(rows)() == [("canvas-0", 1), ("canvas-0", 2)]


async def test_each_order_gets_its_own_answer(canvases: list[Canvas]) -> None:
    writer = Writer()
    asked = [
        writer.place("canvas-0", order(-1)),
        writer.place("canvas-1", order(1, person=ALICE)),
        writer.place("canvas-1", order(color="#123456")),
        writer.place("canvas-2", order(2, id="again")),
        writer.place("canvas-2", order(2, id="again")),
        writer.place("nowhere", order()),
    ]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    kinds = [Invalid, Placed, Invalid, Placed, Placed, UnknownCanvas]
    assert [type(answer) for answer in answers] == kinds
    assert await in_thread(rows)() == [("canvas-1", 1), ("canvas-2", 1)]


@pytest.mark.skipif(ON_SQLITE, reason="SQLite locks all of its tables at once")
async def test_a_canvas_that_is_held_keeps_no_other_one_waiting(canvases: list[Canvas]) -> None:
    writer = Writer()
    with held("canvas-1"):
        stuck = asyncio.create_task(draw(writer, "canvas-1"))
        for _ in range(3):
            answers = await draw(writer, "canvas-0", "canvas-2")
            assert all(isinstance(answer, Placed) for answer in answers)
            [alone] = await draw(writer, "canvas-3")
            assert isinstance(alone, Placed)
        assert not stuck.done()
    [late] = await stuck
    assert isinstance(late, Placed)


async def test_a_canvas_that_fails_fails_alone(canvases: list[Canvas]) -> None:
    """Its ledger has a row that its canvas does not know of, so the next seq is taken."""
    canvas = canvases[1]
    taken = Placement(canvas=canvas, seq=1, x=0, y=0, color=1, placed_at=canvas.created_at)
    await in_thread(taken.save)()
    answers = await draw(Writer(), *SLUGS)
    kinds = [Placed, Unavailable, Placed, Placed, Placed]
    assert [type(answer) for answer in answers] == kinds
    assert len(await in_thread(rows)()) == 5


async def test_the_shadow_list_is_answered_by_the_transaction_that_is_committed(
    canvases: list[Canvas],
) -> None:
    """The shared one fails, so each batch is placed again: nothing of it was told to anybody."""
    taken = Placement(canvas=canvases[1], seq=1, x=0, y=0, color=1, placed_at=timezone.now())
    await in_thread(taken.save)()
    await in_thread(ban)(person=BOB.id, reason="a bot", shadow=True)
    writer = Writer(look=lambda _slug, _draw: Seen(0, has_asked_color=False))
    asked = [("canvas-0", BOB), ("canvas-1", ALICE), ("canvas-2", ALICE)]
    places = (writer.place(slug, order(person=person)) for slug, person in asked)
    answers = await asyncio.gather(*places, return_exceptions=True)
    assert [type(answer) for answer in answers] == [Placed, Unavailable, Placed]
    spent = await in_thread(SpentCharges.objects.filter(actor=BOB.id).count)()
    assert spent == 1


async def test_what_may_be_committed_is_not_placed_again(
    canvases: list[Canvas], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is lost with the answer to the commit."""
    place_together = services.place_together

    def lose(batches: Sequence[Batch]) -> list[Answers | None]:
        place_together(batches)
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(services, "place_together", lose)
    answers = await draw(Writer(), *SLUGS)
    assert [type(answer) for answer in answers] == [Unavailable] * 5
    assert await in_thread(rows)() == [(slug, 1) for slug in SLUGS]


@pytest.mark.skipif(ON_SQLITE, reason="SQLite ends no transaction by itself")
@pytest.mark.parametrize(("module", "step"), [(locking, "lock"), (facts, "read")])
@pytest.mark.parametrize(("stops", "kind"), [(1, Placed), (2, Unavailable)])
async def test_a_pod_that_was_stopped_in_a_transaction_runs_it_again_once(
    canvases: list[Canvas],
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    step: str,
    stops: int,
    kind: type,
) -> None:
    """PostgreSQL has ended it meanwhile, and let go of the canvas."""
    monkeypatch.setattr(locking, "IDLE_TIMEOUT", 0.2)
    work, left = getattr(module, step), [1.0] * stops

    def stop(*arguments: Any) -> Any:
        result = work(*arguments)
        if left:
            time.sleep(left.pop())
        return result

    monkeypatch.setattr(module, step, stop)
    writer = Writer()
    [answer] = await draw(writer, "canvas-0")
    assert type(answer) is kind
    [answer] = await draw(writer, "canvas-0")
    assert isinstance(answer, Placed)
    assert await in_thread(rows)() == [("canvas-0", seq) for seq in range(1, answer.pixel.seq + 1)]


@pytest.mark.skipif(ON_SQLITE, reason="there is no connection")
async def test_a_connection_that_is_lost_before_the_writes_is_no_fault_of_the_orders(
    canvases: list[Canvas], monkeypatch: pytest.MonkeyPatch
) -> None:
    read, lost = facts.read, [1]

    def lose(questions: Any) -> Any:
        if lost:
            lost.pop()
            connection.connection.pgconn.finish()
        return read(questions)

    monkeypatch.setattr(facts, "read", lose)
    [answer] = await draw(Writer(), "canvas-0")
    assert isinstance(answer, Placed)
    assert await in_thread(rows)() == [("canvas-0", 1)]


def test_a_canvas_without_orders_to_write_adds_nothing(canvases: list[Canvas]) -> None:
    asked = [Batch("canvas-0", [order(-1)]), Batch("canvas-1", [order()]), Batch("no", [order()])]
    refused, placed, unknown = services.place_together(asked)
    assert refused is not None and isinstance(refused[0], Refused)
    assert placed is not None and isinstance(placed[0], Placed)
    assert unknown is None
    assert services.place_together([Batch("canvas-0", [order(-1)])]) is not None
    assert services.place_together([Batch("no", [order()])]) == [None]
    assert rows() == [("canvas-1", 1)]


def test_a_group_has_a_largest_number_of_orders() -> None:
    def batch(size: int) -> Batch:
        return Batch("main", [order()] * size)

    sizes = [1, MAX_TOGETHER - 1, 1, MAX_TOGETHER, 5, 6]
    groups = grouped([batch(size) for size in sizes])
    assert [[len(each.orders) for each in group] for group in groups] == [
        [1, MAX_TOGETHER - 1],
        [1],
        [MAX_TOGETHER],
        [5, 6],
    ]


def test_what_is_known_of_one_canvas_counts_on_no_other_one(canvases: list[Canvas]) -> None:
    """Ids, charges, and what is drawn over, each asked on two canvases at once."""
    first, second = SLUGS[:2]
    Canvas.objects.filter(slug=first).update(own_cooldown_ms=60_000)
    old = [order(1, person=ALICE, id="op-1"), order(5, person=BOB, id="op-2")]
    services.place_together([Batch("canvas-4", [order(8)]), Batch(first, old)])
    assert rows() == [(first, 1), (first, 2), ("canvas-4", 1)]

    asked = [*old, order(3, person=ALICE), order(5, person=GUEST, over=2)]
    found = services.place_together([Batch(second, asked), Batch(first, asked)])
    new, known = (
        [each.pixel.seq if isinstance(each, Placed) else type(each) for each in answers or ()]
        for answers in found
    )
    assert new == [1, 2, 3, DrawnOver]
    assert known == [1, 2, CoolingDown, 3]


def test_canvases_without_placements_and_with_refusals_share_what_is_written(
    canvases: list[Canvas],
) -> None:
    """A person on the shadow list spends charges where no row is written."""
    ban(person=BOB.id, reason="a bot", shadow=True)
    Canvas.objects.update(own_cooldown_ms=60_000)
    asked = [order(person=BOB), order(person=ALICE)]
    services.place_together([Batch(SLUGS[0], asked[:1]), Batch(SLUGS[1], asked)])
    assert rows() == [(SLUGS[1], 1)]
    spent = SpentCharges.objects.values_list("canvas__slug", "actor")
    assert set(spent) == {(SLUGS[0], BOB.id), (SLUGS[1], BOB.id), (SLUGS[1], ALICE.id)}


@pytest.mark.skipif(ON_SQLITE, reason="there statements cost no round trip")
def test_all_canvases_are_locked_read_and_written_by_a_statement_each(
    canvases: list[Canvas],
) -> None:
    def sent(slugs: Sequence[str]) -> list[int]:
        orders: list[Order] = [order(number) for number in range(3)]
        with CaptureQueriesContext(connection) as queries:
            services.place_together([Batch(slug, orders) for slug in slugs])
        return [query["sql"].count(";") for query in queries if "canvas_" in query["sql"]]

    assert sent(SLUGS) == sent(SLUGS[:1])
    assert len(sent(SLUGS)) == 3
