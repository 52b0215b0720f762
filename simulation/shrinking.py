"""Shrinking: the smallest plan that still goes wrong, found by leaving things out."""

from collections.abc import Iterator
from dataclasses import replace

from simulation.plan import Plan
from simulation.running import Outcome, simulate

MOST = 150  # simulations that it takes at most


def shrink(outcome: Outcome) -> Outcome:
    """Return how the smallest plan that is found goes wrong, in any way."""
    tried = 0
    is_smaller = True
    while is_smaller:
        is_smaller = False
        for plan in _smaller(outcome.plan):
            tried += 1
            if tried > MOST:
                return outcome
            found = simulate(plan)
            if found.wrong:
                outcome, is_smaller = found, True
                break
    return outcome


def _smaller(plan: Plan) -> Iterator[Plan]:
    """Yield plans that lack something, those that lack most first."""
    faults = plan.faults
    size = len(faults) // 2
    while size:
        for start in range(0, len(faults), size):
            yield plan.without(*faults[start : start + size])
        size //= 2
    last = max((fault.at + fault.seconds for fault in faults), default=0.0)
    for seconds in (last + 1, plan.seconds / 2, plan.seconds - 2):
        if 2 < seconds < plan.seconds - 1:
            kept = tuple(fault for fault in faults if fault.at < seconds)
            yield replace(plan, seconds=seconds, faults=kept)
    if plan.clients > 1:
        yield replace(plan, clients=plan.clients // 2)
        yield replace(plan, clients=plan.clients - 1)
    if plan.pods > 1:
        yield replace(plan, pods=plan.pods - 1)
    if plan.small:
        yield replace(plan, small=False)
