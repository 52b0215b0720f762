"""Items that are made ahead come in order, with their faults, and not too many of them."""

import threading
from collections.abc import Iterator

import pytest

from runtime.prefetch import prefetch


def test_all_come_in_order_and_are_made_by_another_thread() -> None:
    makers = set()

    def made() -> Iterator[int]:
        for number in range(20):
            makers.add(threading.get_ident())
            yield number

    assert list(prefetch(made())) == list(range(20))
    assert threading.get_ident() not in makers


def test_one_is_made_ahead_and_no_more() -> None:
    made = []

    def making() -> Iterator[int]:
        for number in range(9):
            made.append(number)
            yield number

    coming = prefetch(making())
    for number in range(4):
        assert next(coming) == number
        assert len(made) <= number + 2
    coming.close()
    assert len(made) <= 5, "to close it ends the making"


def test_a_fault_of_the_making_is_raised_after_what_was_made() -> None:
    def making() -> Iterator[int]:
        yield 1
        raise ValueError("the second is bad")

    coming = prefetch(making())
    assert next(coming) == 1
    with pytest.raises(ValueError, match="the second is bad"):
        next(coming)
