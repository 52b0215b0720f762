"""The wait of one person between two pixels."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canvas.domain.cooldown import Cooldown, Spending, cooldown_left
from canvas.domain.errors import CoolingDown

LAST = datetime(2026, 1, 1, 12, tzinfo=UTC)


def after(**duration: float) -> datetime:
    return LAST + timedelta(**duration)


def test_nobody_waits_for_a_first_pixel() -> None:
    assert cooldown_left(LAST, None, 5000) == 0


@pytest.mark.parametrize(
    ("now", "left"),
    [
        (after(), 5000),
        (after(milliseconds=1), 4999),
        (after(seconds=4, microseconds=999_000), 1),
        (after(seconds=4, microseconds=999_999), 1),
        (after(seconds=5), 0),
        (after(days=400), 0),
    ],
)
def test_it_counts_what_is_left_in_whole_milliseconds(now: datetime, left: int) -> None:
    assert cooldown_left(now, LAST, 5000) == left


def test_without_a_cooldown_nothing_is_left() -> None:
    assert cooldown_left(LAST, LAST, 0) == 0


@given(st.integers(0, 10**7), st.integers(0, 10**10))
def test_a_person_who_waits_as_long_as_told_may_place(cooldown_ms: int, microseconds: int) -> None:
    now = after(microseconds=microseconds)
    left = cooldown_left(now, LAST, cooldown_ms)
    Cooldown(cooldown_ms).check(now + timedelta(milliseconds=left), Spending(LAST, 1))


def test_it_says_how_long_to_wait() -> None:
    with pytest.raises(CoolingDown) as caught:
        Cooldown(5000).check(after(milliseconds=700), Spending(LAST, 1))
    assert caught.value.retry_after_ms == 4300
    assert caught.value.detail == "You can place your next pixel in 4.3 s."
