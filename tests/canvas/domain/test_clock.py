"""The clock of a canvas goes with its source, and never goes back."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from canvas.domain.clock import CanvasClock, clock_of

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_it_begins_with_its_source() -> None:
    assert clock_of(None, None, NOON) == (NOON, NOON)


def test_it_goes_with_its_source() -> None:
    assert clock_of(NOON, NOON, NOON + HOUR) == (NOON + HOUR, NOON + HOUR)


def test_it_goes_on_from_what_is_stored() -> None:
    assert clock_of(NOON + HOUR, NOON, NOON + HOUR) == (NOON + 2 * HOUR, NOON + HOUR)


def test_it_begins_anew_where_one_of_both_is_stored() -> None:
    assert clock_of(NOON, None, NOON + HOUR) == (NOON + HOUR, NOON + HOUR)
    assert clock_of(None, NOON, NOON + HOUR) == (NOON + HOUR, NOON + HOUR)


def test_it_stands_still_where_the_source_is_set_back_and_then_goes_on() -> None:
    clock = CanvasClock(NOON, NOON).at(NOON - HOUR)
    assert clock == (NOON, NOON - HOUR)
    assert clock.at(NOON).time == NOON + HOUR


def test_it_knows_that_its_source_was_set_back() -> None:
    clock = CanvasClock(NOON, NOON)
    assert clock.is_behind(NOON + HOUR)
    assert not clock.is_behind(NOON)
    assert not clock.is_behind(None)


@given(st.lists(st.integers(-(10**12), 10**12), min_size=2))
def test_it_never_goes_back_with_any_source(microseconds: list[int]) -> None:
    clock, times = CanvasClock(NOON, NOON), [NOON]
    for each in microseconds:
        clock = clock.at(NOON + timedelta(microseconds=each))
        times.append(clock.time)
    assert all(one <= two for one, two in pairwise(times))
