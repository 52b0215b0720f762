"""Charges: pixels that a person can save up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canvas.domain.cooldown import Cooldown, Spending, cooldown_of
from canvas.domain.errors import CoolingDown
from tests.canvas.helpers import meta_of

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def after(milliseconds: int) -> datetime:
    return START + timedelta(milliseconds=milliseconds)


def drawn(cooldown: Cooldown, *moments: int) -> Spending | None:
    """Place a pixel at each of these moments, in ms."""
    last = None
    for moment in moments:
        cooldown.check(after(moment), last)
        last = cooldown.spend(after(moment), last)
    return last


def test_all_charges_may_be_spent_at_once_and_no_more() -> None:
    cooldown = Cooldown(5000, charges=3)
    last = drawn(cooldown, 0, 0, 0)
    assert (cooldown.saved(START, last), cooldown.left(START, last)) == (0, 5000)
    with pytest.raises(CoolingDown):
        drawn(cooldown, 0, 0, 0, 4999)


def test_they_come_back_one_after_each_cooldown() -> None:
    cooldown = Cooldown(5000, charges=3)
    last = drawn(cooldown, 0, 0, 0)
    saved = [cooldown.saved(after(moment), last) for moment in (4999, 5000, 10_000, 15_000, 10**9)]
    assert saved == [0, 1, 2, 3, 3]


def test_a_burst_does_not_come_back_as_a_burst() -> None:
    cooldown = Cooldown(5000, charges=3)
    last = drawn(cooldown, 0, 0, 0, 5000)
    assert cooldown.left(after(5001), last) == 4999


def test_another_cooldown_holds_at_once() -> None:
    last = drawn(Cooldown(60_000, charges=2), 0, 0)
    assert Cooldown(1000, charges=2).left(after(500), last) == 500
    assert Cooldown(1000, charges=5).left(START, last) == 0
    assert Cooldown(0).left(START, last) == 0


def test_fewer_charges_hold_at_once() -> None:
    last = drawn(Cooldown(1000, charges=5), 0, 0, 0)
    assert Cooldown(1000, charges=1).left(START, last) == 3000


@given(
    st.integers(1, 10_000),
    st.integers(1, 5),
    st.lists(st.integers(0, 20_000), min_size=1, max_size=40),
)
def test_no_window_holds_more_than_it_may(
    cooldown_ms: int, charges: int, pauses: list[int]
) -> None:
    """In any span of time: the charges, and one more for each cooldown in it."""
    cooldown, now, last = Cooldown(cooldown_ms, charges), 0, None
    placed: list[int] = []
    for pause in pauses:
        now += pause
        if not cooldown.left(after(now), last):
            last = cooldown.spend(after(now), last)
            placed.append(now)
    for first, start in enumerate(placed):
        for count, end in enumerate(placed[first:], start=1):
            assert count <= charges + (end - start) / cooldown_ms + 1e-6


@given(st.integers(1, 10**6), st.integers(1, 100), st.floats(0, 100), st.integers(0, 10**7))
def test_a_person_who_waits_as_long_as_told_may_place(
    cooldown_ms: int, charges: int, spent: float, moment: int
) -> None:
    cooldown, last = Cooldown(cooldown_ms, charges), Spending(START, spent)
    left = cooldown.left(after(moment), last)
    cooldown.check(after(moment + left), last)
    assert (cooldown.saved(after(moment), last) > 0) == (left == 0)


def test_guests_may_have_a_pace_of_their_own() -> None:
    meta = meta_of(cooldown_ms=1000, guest_cooldown_ms=60_000, charges=3)
    assert cooldown_of(meta, guest=True) == Cooldown(60_000, 3)
    assert cooldown_of(meta, guest=False) == Cooldown(1000, 3)
    assert cooldown_of(meta_of(cooldown_ms=1000), guest=True) == Cooldown(1000, 1)


def test_an_allowance_tells_wait_and_charges_of_one_moment() -> None:
    cooldown = Cooldown(5000, charges=3)
    assert cooldown.allowance(START, None) == cooldown.whole == (0, 3)
    assert cooldown.allowance(after(1000), drawn(cooldown, 0)) == (0, 2)
    assert cooldown.allowance(after(1000), drawn(cooldown, 0, 0, 0)) == (4000, 0)
