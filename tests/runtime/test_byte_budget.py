"""Bytes that are held together are bounded."""

import pytest

from runtime.byte_budget import ByteBudget, OverBudget


def test_no_more_is_held_than_may_be() -> None:
    budget = ByteBudget(10)
    budget.take(4)
    budget.take(6)
    with pytest.raises(OverBudget):
        budget.take(1)
    assert budget.held == 10


def test_what_is_given_back_can_be_taken_again() -> None:
    budget = ByteBudget(10)
    budget.take(10)
    budget.give_back(10)
    budget.take(10)


def test_something_larger_is_held_alone() -> None:
    budget = ByteBudget(10)
    budget.take(11)
    with pytest.raises(OverBudget):
        budget.take(1)
    budget.give_back(11)
    assert budget.held == 0
