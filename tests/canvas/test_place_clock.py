"""The database's clock may jump: nobody waits longer than the cooldown, and times never fall."""

import random
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from django.db import connection

from canvas.domain.cooldown import cooldown_of
from canvas.domain.errors import CoolingDown
from canvas.ledger.allowances import Drawer, allowances
from canvas.ledger.placing import Placed
from canvas.models import Canvas, Placement
from canvas.services import Cell, overwrite, place
from tests.canvas.helpers import ALICE, BOB, configured, order

pytestmark = pytest.mark.postgres

COOLDOWN, HOUR = 5000, 3_600_000  # ms

Clock = Callable[[int], None]

# It stands before the database's own on the path, so that all statements here go by it.
CLOCK = """
CREATE SCHEMA clock;
CREATE TABLE clock.shift (ms bigint NOT NULL);
INSERT INTO clock.shift VALUES (0);
CREATE FUNCTION clock.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT '2026-11-28 12:00Z'::timestamptz + ms * interval '1 ms' FROM clock.shift
$$;
SET search_path = clock, pg_catalog, public;
"""


@pytest.fixture
def clock(main: Canvas) -> Iterator[Clock]:
    """Move the clock of this connection's database, by ms; it stands still otherwise."""

    def move(ms: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE clock.shift SET ms = ms + %s", [ms])

    configured(main, own_cooldown_ms=COOLDOWN)
    with connection.cursor() as cursor:
        cursor.execute(CLOCK)
    yield move
    with connection.cursor() as cursor:
        cursor.execute("SET search_path = public; DROP SCHEMA clock CASCADE")
    connection.close()


def wait() -> int:
    """Try to draw; return the ms that the answer says to wait, 0 where the pixel was placed."""
    answer = place("main", [order()])[0]
    if isinstance(answer, CoolingDown):
        assert answer.retry_after_ms
        return answer.retry_after_ms
    assert isinstance(answer, Placed)
    return 0


def times() -> list[float]:
    placed = Placement.objects.order_by("seq").values_list("placed_at", flat=True)
    return [each.timestamp() for each in placed]


def test_set_back_by_an_hour_the_wait_is_the_cooldown(clock: Clock) -> None:
    assert wait() == 0
    clock(-HOUR)
    assert wait() == COOLDOWN
    clock(COOLDOWN - 1)
    assert wait() == 1
    clock(1)
    assert wait() == 0


def test_ahead_by_two_hours_and_right_again(clock: Clock) -> None:
    clock(2 * HOUR)
    assert wait() == 0
    clock(-2 * HOUR)
    assert wait() <= COOLDOWN
    clock(COOLDOWN)
    assert wait() == 0


def test_the_clock_goes_on_by_what_others_draw(clock: Clock) -> None:
    """A person who has not tried since need not wait anew."""
    assert wait() == 0
    clock(-HOUR)
    place("main", [order(person=BOB)])
    clock(COOLDOWN)
    assert wait() == 0


def test_who_comes_is_told_no_longer_wait(main: Canvas, clock: Clock) -> None:
    drawer = Drawer(main.pk, ALICE.id, cooldown_of(main.meta(), guest=False))
    assert wait() == 0
    clock(-HOUR)
    assert allowances([drawer]) == [(COOLDOWN, 0)]
    assert wait() == COOLDOWN
    clock(2000)
    assert allowances([drawer]) == [(COOLDOWN - 2000, 0)]


def test_saved_charges_are_what_they_were(main: Canvas, clock: Clock) -> None:
    configured(main, charges=3)
    assert [wait(), wait()] == [0, 0]
    clock(-HOUR)
    assert [wait(), wait()] == [0, COOLDOWN]
    clock(2 * COOLDOWN)
    assert [wait(), wait(), wait()] == [0, 0, COOLDOWN]


def test_times_never_fall(main: Canvas, clock: Clock) -> None:
    for ms in (0, -HOUR, 10, 2 * HOUR, -2 * HOUR, 3 * HOUR):
        clock(ms)
        place("main", [order(person=BOB), order()])
        overwrite("main", "operation:1", lambda *_: [Cell(1, 1, 1, "[moderation]")])
    assert times() == sorted(times())
    assert round(times()[-1] - times()[0], 3) == 7200.01, "they come right again"


def test_however_it_jumps_no_wait_exceeds_the_cooldown(main: Canvas, clock: Clock) -> None:
    configured(main, charges=2)
    chance = random.Random(15)  # the same each time
    for _ in range(60):
        left = wait()
        assert left <= 2 * COOLDOWN
        clock(left or chance.choice([-HOUR, -7000, -1, 1, 900, 7000, HOUR]))
        if left:
            assert wait() == 0, "who has waited as long as told may draw"
    assert all(one <= two for one, two in pairwise(times()))
