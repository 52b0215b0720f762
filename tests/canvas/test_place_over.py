"""A placement `over` a seq is taken while that one is the newest on its cell, else refused."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.bans import ban
from canvas.domain.errors import CoolingDown, DrawnOver, Frozen
from canvas.ledger.placing import Order, Placed
from canvas.models import Canvas, Placement
from canvas.services import Cell as Overwriting
from canvas.services import overwrite, place
from runtime.errors import Refused
from tests.canvas.helpers import ALICE, BOB, ON_SQLITE, PALETTE, configured, order

pytestmark = pytest.mark.both_databases

WHITE = PALETTE[0]


def place_one(asked: Order) -> Placed | Refused:
    return place("main", [asked])[0]


def test_what_one_drew_is_taken_back_and_paid_for(main: Canvas) -> None:
    place_one(order(3, 4))
    configured(main, own_cooldown_ms=60_000, charges=3)
    back = place_one(order(3, 4, WHITE, over=1))
    assert isinstance(back, Placed)
    assert (back.pixel.seq, back.pixel.color, back.charges_left) == (2, 0, 1)


def test_nothing_is_drawn_over_what_others_drew_since(main: Canvas) -> None:
    place_one(order(3, 4))
    place_one(order(3, 4, person=BOB))
    place_one(order(5, 6))
    assert isinstance(place_one(order(3, 4, WHITE, over=1)), DrawnOver)
    assert isinstance(place_one(order(3, 4, WHITE, over=2)), Placed)
    assert Placement.objects.count() == 4


@pytest.mark.parametrize("over", [2, 3, 99])
def test_another_cell_or_a_seq_that_is_not_there_is_refused(main: Canvas, over: int) -> None:
    place("main", [order(3, 4), order(5, 6)])
    assert isinstance(place_one(order(3, 4, WHITE, over=over)), DrawnOver)


def test_those_before_it_in_the_same_commit_count(main: Canvas) -> None:
    place_one(order(3, 4))
    answers = place("main", [order(3, 4, person=BOB), order(3, 4, WHITE, over=1)])
    assert [type(answer) for answer in answers] == [Placed, DrawnOver]
    answers = place("main", [order(3, 4, WHITE, over=2), order(3, 4, person=BOB, over=2)])
    assert [type(answer) for answer in answers] == [Placed, DrawnOver]


def test_what_moderation_drew_counts_too(main: Canvas) -> None:
    place_one(order(3, 4))
    overwrite("main", "operation:1", lambda _meta, _seq: [Overwriting(3, 4, 0, "moderation")])
    assert isinstance(place_one(order(3, 4, WHITE, over=1)), DrawnOver)


def test_a_retry_is_answered_as_the_first_time(main: Canvas) -> None:
    place_one(order(3, 4))
    first = place_one(order(3, 4, WHITE, over=1, id="back"))
    place_one(order(3, 4, person=BOB))
    again = place_one(order(3, 4, WHITE, over=1, id="back"))
    assert isinstance(first, Placed)
    assert isinstance(again, Placed)
    assert again.pixel == first.pixel


def test_other_rules_are_held_against_it_first(main: Canvas) -> None:
    configured(main, own_cooldown_ms=60_000)
    place_one(order(3, 4))
    assert isinstance(place_one(order(3, 4, WHITE, over=1)), CoolingDown)
    configured(main, frozen=True)
    assert isinstance(place_one(order(3, 4, WHITE, over=1)), Frozen)


def test_the_shadow_list_learns_nothing_by_it(main: Canvas) -> None:
    ban(person=ALICE.id, reason="maybe a bot", shadow=True)
    drawn = place_one(order(3, 4))
    assert isinstance(drawn, Placed)
    assert isinstance(place_one(order(3, 4, WHITE, over=max(1, drawn.pixel.seq))), Placed)


def test_a_commit_looks_at_all_of_them_by_no_query_more(main: Canvas) -> None:
    place("main", [order(x, 4) for x in range(20)])

    def queries_of(orders: list[Order]) -> int:
        with CaptureQueriesContext(connection) as queries:
            place("main", orders)
        return len(queries)

    plain = queries_of([order(x, 5) for x in range(20)])
    assert queries_of([order(x, 4, WHITE, over=x + 1) for x in range(20)]) == plain + ON_SQLITE
