"""Many threads place at once: one order of seqs, one board, one pixel a cooldown."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from accounts.people import Person
from canvas.domain.errors import CoolingDown
from canvas.ledger import tips
from canvas.ledger.placing import Order, Placed
from canvas.models import Canvas, Placement
from canvas.services import configure, place
from runtime.errors import Refused
from tests.canvas.helpers import (
    ALICE,
    HEIGHT,
    ON_SQLITE,
    PALETTE,
    WIDTH,
    configured,
    ledger_cells,
    order,
)
from tests.support.threads import at_once, own_connections

pytestmark = pytest.mark.both_databases

THREADS = 8
# Pixels a transaction. SQLite has no queue for its lock: one of many writers may wait for long.
SIZES = [10] if ON_SQLITE else [1, 10]


def placed(answers: list[Placed | Refused]) -> list[Placed]:
    return [answer for answer in answers if isinstance(answer, Placed)]


def batches(number: int, count: int, size: int) -> list[list[Order]]:
    """The orders of one thread: all over the board, over the others' pixels."""
    person = Person(f"guest:{number:016x}", f"guest-{number}", is_guest=True)
    orders = [
        order((step * 7 + number) % WIDTH, step % HEIGHT, PALETTE[(step + number) % 5], person)
        for step in range(count)
    ]
    return [orders[start : start + size] for start in range(0, count, size)]


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_2000_pixels_by_8_threads_have_the_seqs_1_to_2000(main: Canvas, size: int) -> None:
    def draw(number: int) -> list[int]:
        answers = [placed(place("main", batch)) for batch in batches(number, 250, size)]
        return [each.pixel.seq for batch in answers for each in batch]

    seqs = at_once(draw, THREADS)
    assert sorted(seq for each in seqs for seq in each) == list(range(1, 2001))
    assert all(each == sorted(each) for each in seqs)
    main.refresh_from_db()
    assert main.seq == 2000
    rows = Placement.objects.order_by("seq")
    assert list(rows.values_list("seq", flat=True)) == list(range(1, 2001))
    assert bytes(tips.load(main.meta()).cells) == ledger_cells(main.meta())


@pytest.mark.slow
def test_the_order_of_seqs_is_the_order_of_time(main: Canvas) -> None:
    at_once(lambda number: [place("main", batch) for batch in batches(number, 40, 4)], THREADS)
    times = list(Placement.objects.order_by("seq").values_list("placed_at", flat=True))
    assert times == sorted(times)


def test_of_8_pixels_of_one_person_at_once_one_gets_through(main: Canvas) -> None:
    configured(main, own_cooldown_ms=60_000)
    answers = at_once(lambda number: place("main", [order(number, person=ALICE)])[0], THREADS)
    assert len(placed(answers)) == 1
    assert sum(isinstance(answer, CoolingDown) for answer in answers) == THREADS - 1
    assert Placement.objects.count() == 1


def test_8_retries_of_one_operation_at_once_place_one_pixel(main: Canvas) -> None:
    answers = at_once(lambda _: place("main", [order(id="op-1")])[0], THREADS)
    assert {each.pixel.seq for each in placed(answers)} == {1}
    assert len(placed(answers)) == THREADS
    assert Placement.objects.count() == 1


@pytest.mark.slow
def test_configuring_does_not_undo_pixels_placed_at_the_same_time(main: Canvas) -> None:
    def work(number: int) -> None:
        if number == 0:
            for cooldown in range(100):
                configure("main", {"own_cooldown_ms": -cooldown % 2})
        else:
            for batch in batches(number, 60, 3):
                place("main", batch)

    at_once(work, 4)
    main.refresh_from_db()
    seqs = Placement.objects.order_by("seq").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, main.seq + 1))


@pytest.mark.slow
def test_canvases_are_numbered_apart(main: Canvas) -> None:
    for number in range(THREADS):
        Canvas.objects.create(slug=f"c{number}", palette=list(PALETTE), own_cooldown_ms=0)

    def draw(number: int) -> list[int]:
        answers = [placed(place(f"c{number}", batch)) for batch in batches(number, 50, 5)]
        return [each.pixel.seq for batch in answers for each in batch]

    assert at_once(draw, THREADS) == [list(range(1, 51))] * THREADS


@pytest.mark.skipif(ON_SQLITE, reason="SQLite has one lock for everything")
def test_nobody_waits_for_the_lock_of_another_canvas(main: Canvas) -> None:
    Canvas.objects.create(slug="other", palette=list(PALETTE), own_cooldown_ms=0)
    with transaction.atomic():
        place("main", [order()])
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(own_connections, lambda: place("other", [order()]))
            answers = waiting.result(timeout=5)
    assert len(placed(answers)) == 1
