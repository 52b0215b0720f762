"""Charges and the guests' own cooldown, decided in the transaction that places."""

import pytest

from canvas.domain.cooldown import cooldown_of
from canvas.domain.errors import CoolingDown
from canvas.ledger.allowances import Drawer, allowances
from canvas.ledger.placing import Placed
from canvas.models import Canvas
from canvas.services import configure, place
from tests.canvas.helpers import ALICE, GUEST, configured, order

pytestmark = pytest.mark.both_databases


def test_a_person_spends_what_it_saved_and_then_waits(main: Canvas) -> None:
    configured(main, own_cooldown_ms=60_000, charges=3)
    first = place("main", [order(), order()])
    second = place("main", [order(), order()])
    left = [answer.charges_left for answer in (*first, *second) if isinstance(answer, Placed)]
    assert left == [2, 1, 0]
    assert isinstance(second[1], CoolingDown)
    assert 50_000 < (second[1].retry_after_ms or 0) <= 60_000


def test_a_socket_that_comes_learns_what_is_left(main: Canvas) -> None:
    meta = configured(main, own_cooldown_ms=60_000, charges=3).meta()
    drawer = Drawer(meta.id, ALICE.id, cooldown_of(meta, guest=False))
    assert allowances([drawer]) == [(0, 3)]
    place("main", [order(), order(), order()])
    left, charges = allowances([drawer])[0]
    assert (0 < left <= 60_000, charges) == (True, 0)


def test_guests_wait_longer_where_the_canvas_says_so(main: Canvas) -> None:
    configured(main, own_cooldown_ms=0, own_guest_cooldown_ms=60_000)
    people = [ALICE, ALICE, GUEST, GUEST]
    answers = place("main", [order(person=person) for person in people])
    assert [type(answer) for answer in answers] == [Placed, Placed, Placed, CoolingDown]


def test_a_change_of_pace_holds_for_the_next_pixel(main: Canvas) -> None:
    place("main", [order()])
    configure("main", {"own_cooldown_ms": 60_000})
    assert isinstance(place("main", [order()])[0], CoolingDown)
    configure("main", {"charges": 2})
    assert isinstance(place("main", [order()])[0], Placed)
