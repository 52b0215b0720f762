"""A client's id makes a retry safe: it is answered as the first time, and places nothing."""

import pytest

from canvas.domain.errors import Frozen
from canvas.ledger.placing import Order, Placed
from canvas.models import Canvas, Placement
from canvas.services import place
from runtime.errors import Invalid, Refused
from tests.canvas.helpers import ALICE, BOB, configured, order, placed_before

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
    again = place_one(order(id="op-1"))
    assert isinstance(again, Placed)
    assert 50_000 < again.cooldown_ms <= 60_000


def test_a_refused_operation_may_be_tried_again(main: Canvas) -> None:
    assert isinstance(place_one(order(-1, id="op-1")), Invalid)
    assert seq_of(place_one(order(1, id="op-1"))) == 1


def test_a_refused_operation_may_be_tried_again_in_the_same_batch(main: Canvas) -> None:
    answers = place("main", [order(-1, id="op-1"), order(1, id="op-1")])
    assert [seq_of(answer) for answer in answers] == [None, 1]


def test_the_same_id_of_somebody_else_is_another_operation(main: Canvas) -> None:
    answers = place("main", [order(id="op-1", person=ALICE), order(id="op-1", person=BOB)])
    assert [seq_of(answer) for answer in answers] == [1, 2]


def test_the_same_id_on_another_canvas_is_another_operation(main: Canvas) -> None:
    Canvas.objects.create(slug="other", own_cooldown_ms=0)
    place_one(order(id="op-1"))
    assert seq_of(place("other", [order(id="op-1")])[0]) == 1
    assert Placement.objects.count() == 2


def test_without_an_id_the_same_draw_is_placed_again(main: Canvas) -> None:
    assert [seq_of(answer) for answer in place("main", [order(), order()])] == [1, 2]
