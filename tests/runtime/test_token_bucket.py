"""The token bucket: an average rate, and bursts."""

import time

import pytest

from runtime.token_bucket import TokenBucket


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock of the bucket, which stands still until a test moves it."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def taken(bucket: TokenBucket, times: int) -> int:
    return sum(bucket.take() for _ in range(times))


def test_it_is_full_at_first(clock: list[float]) -> None:
    assert taken(TokenBucket(rate=2, capacity=5), times=10) == 5


def test_it_gains_by_its_rate(clock: list[float]) -> None:
    bucket = TokenBucket(rate=2, capacity=5)
    taken(bucket, times=10)
    clock[0] += 1.5
    assert taken(bucket, times=10) == 3


def test_it_gains_while_it_is_asked_in_vain(clock: list[float]) -> None:
    bucket = TokenBucket(rate=2, capacity=1)
    bucket.take()
    for _ in range(4):
        clock[0] += 0.1
        assert not bucket.take()
    clock[0] += 0.11
    assert bucket.take()


def test_it_never_holds_more_than_its_capacity(clock: list[float]) -> None:
    bucket = TokenBucket(rate=2, capacity=5)
    clock[0] += 3600
    assert taken(bucket, times=20) == 5


def test_several_are_taken_together_or_none(clock: list[float]) -> None:
    bucket = TokenBucket(rate=2, capacity=5)
    assert not bucket.take(6)
    assert bucket.take(5)


def test_a_debt_is_bounded_and_paid_back(clock: list[float]) -> None:
    bucket = TokenBucket(rate=2, capacity=5)
    taken = [bucket.take(debt=3) for _ in range(10)]
    assert taken == [True] * 8 + [False] * 2
    assert bucket.in_debt
    clock[0] += 2
    assert bucket.take(debt=3)
    assert not bucket.in_debt
