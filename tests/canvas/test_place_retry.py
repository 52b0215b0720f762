"""A client's id makes a retry safe: it is answered as the first time, and places nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from canvas.domain.errors import Frozen, IdReused
from canvas.ledger.placing import Order, Placed
from canvas.models import Canvas, Placement, Retry
from canvas.pod import pruner
from canvas.pod.pruner import KEPT, prune
from canvas.services import place
from runtime.errors import Invalid, Refused
from tests.canvas.helpers import ALICE, BOB, GUEST, PALETTE, RED, configured, order, placed_before

pytestmark = pytest.mark.both_databases


def place_one(asked: Order) -> Placed | Refused:
    return place("main", [asked])[0]


def seq_of(answer: Placed | Refused) -> int | None:
    return answer.pixel.seq if isinstance(answer, Placed) else None


def test_a_retry_gets_the_first_answer(main: Canvas) -> None:
    first = place_one(order(3, 4, id="op-1"))
    place_one(order(9, 9, id="op-2"))
    assert place_one(order(3, 4, id="op-1")) == first
    assert Placement.objects.count() == 2


def test_a_retry_in_the_same_batch_gets_the_first_answer(main: Canvas) -> None:
    answers = place("main", [order(id="op-1"), order(id="op-1"), order(id="op-2")])
    assert [seq_of(answer) for answer in answers] == [1, 1, 2]
    assert Placement.objects.count() == 2


def test_a_retry_is_answered_during_the_cooldown(main: Canvas) -> None:
    configured(main, own_cooldown_ms=60_000)
    place_one(order(id="op-1"))
    again = place_one(order(id="op-1"))
    assert seq_of(again) == 1
    assert isinstance(again, Placed)
    assert 0 < again.cooldown_ms <= 60_000


def test_a_retry_is_answered_on_a_frozen_canvas(main: Canvas) -> None:
    place_one(order(id="op-1"))
    configured(main, frozen=True)
    assert seq_of(place_one(order(id="op-1"))) == 1
    assert isinstance(place_one(order(id="op-2")), Frozen)


def test_a_retry_says_how_long_its_person_has_to_wait_now(main: Canvas) -> None:
    """Also when the person has placed another pixel since."""
    configured(main, own_cooldown_ms=60_000)
    placed_before(main, 90_000, client_id="op-1")
    place_one(order(id="op-2"))
    again = place_one(order(0, 0, PALETTE[1], id="op-1"))
    assert isinstance(again, Placed)
    assert 50_000 < again.cooldown_ms <= 60_000


def test_a_refused_operation_may_be_tried_again(main: Canvas) -> None:
    assert isinstance(place_one(order(-1, id="op-1")), Invalid)
    assert seq_of(place_one(order(1, id="op-1"))) == 1


def test_a_refused_operation_may_be_tried_again_in_the_same_batch(main: Canvas) -> None:
    answers = place("main", [order(-1, id="op-1"), order(1, id="op-1")])
    assert [seq_of(answer) for answer in answers] == [None, 1]


def test_the_same_id_of_another_person_is_another_operation(main: Canvas) -> None:
    answers = place("main", [order(id="op-1", person=ALICE), order(id="op-1", person=BOB)])
    assert [seq_of(answer) for answer in answers] == [1, 2]


def test_the_same_id_on_another_canvas_is_another_operation(main: Canvas) -> None:
    Canvas.objects.create(slug="other", own_cooldown_ms=0)
    place_one(order(id="op-1"))
    assert seq_of(place("other", [order(id="op-1")])[0]) == 1
    assert Placement.objects.count() == 2


def test_without_an_id_the_same_draw_is_placed_again(main: Canvas) -> None:
    assert [seq_of(answer) for answer in place("main", [order(), order()])] == [1, 2]


@pytest.mark.parametrize(
    "other",
    [order(4, 3, id="op-1"), order(3, 4, PALETTE[1], id="op-1"), order(99_999, 4, id="op-1")],
    ids=["another cell", "another colour", "a cell that is none"],
)
def test_an_id_that_stands_for_another_pixel_is_refused(main: Canvas, other: Order) -> None:
    place_one(order(3, 4, id="op-1"))
    assert isinstance(place_one(other), IdReused)
    assert Placement.objects.count() == 1


def test_an_id_that_stands_for_another_pixel_of_the_batch_is_refused(main: Canvas) -> None:
    answers = place("main", [order(1, id="op-1"), order(2, id="op-1"), order(1, id="op-1")])
    assert [seq_of(answer) for answer in answers] == [1, None, 1]
    assert isinstance(answers[1], IdReused)


def test_programs_at_one_address_have_ids_of_their_own(main: Canvas) -> None:
    """Without cookie or token they are one actor, and each counts from the same number."""
    program = replace(GUEST, is_by_address=True)
    mine, theirs = (order(x, id="1", person=program) for x in (1, 2))
    assert [seq_of(place_one(each)) for each in (mine, theirs, mine, theirs)] == [1, 2, 1, 2]


def test_a_retry_tells_the_pixel_as_the_ledger_has_it(main: Canvas) -> None:
    place_one(order(3, 4, id="op-1"))
    again = place_one(order(3, 4, id="op-1"))
    assert isinstance(again, Placed)
    assert (again.pixel.x, again.pixel.y, again.meta.palette[again.pixel.color]) == (3, 4, RED)


def old(*ages: timedelta) -> None:
    """Have the ids of retries be so old, in the order of their seqs."""
    for seq, age in enumerate(ages, start=1):
        Retry.objects.filter(seq=seq).update(at=Now() - age)


def test_an_id_is_forgotten_after_a_day(main: Canvas) -> None:
    place("main", [order(1, id="op-1"), order(2, id="op-2")])
    old(KEPT + timedelta(minutes=1), KEPT - timedelta(minutes=1))
    assert prune() == 1
    assert [seq_of(place_one(order(x, id=f"op-{x}"))) for x in (1, 2)] == [3, 2]


def test_they_are_forgotten_in_bounded_steps(main: Canvas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruner, "STEP", 2)
    place("main", [order(x, id=f"op-{x}") for x in range(3)])
    old(*[timedelta(days=2)] * 3)
    assert [prune(), prune(), prune()] == [2, 1, 0]
    assert Placement.objects.count() == 3
