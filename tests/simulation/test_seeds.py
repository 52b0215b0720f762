"""Pods on a virtual clock hold every invariant, with all that a seed has go wrong.

SIMULATED=600 simulates fresh seeds for so many seconds; `make simulate` does more.
"""

import os
import random
import subprocess
import sys
import time

import pytest

from simulation import kept
from simulation.plan import Plan
from simulation.running import simulate
from simulation.shrinking import shrink
from tests.simulation.test_planted import WELL

SECONDS = float(os.environ.get("SIMULATED", "30"))
PRINT_DIGESTS = """
import django
django.setup()
from dataclasses import replace
from simulation.plan import Plan
from simulation.running import simulate
for seed in (3, 7, 23):
    print(simulate(replace(Plan.of(seed), seconds=12.0)).digest)
"""


@pytest.mark.timeout(SECONDS + 300)
def test_fresh_seeds_hold() -> None:
    ends_at = time.perf_counter() + SECONDS
    while time.perf_counter() < ends_at:
        outcome = simulate(Plan.of(random.SystemRandom().randrange(10**12)))
        if outcome.wrong:
            small = shrink(outcome)
            history = "\n".join(small.history[-100:])
            pytest.fail(f"seed {outcome.plan.seed}: {outcome.wrong}\n{history}\n{small.plan}")


@pytest.mark.parametrize(("showed", "plan"), kept.read(), ids=lambda each: str(each)[:60])
def test_what_once_went_wrong_holds(showed: str, plan: Plan) -> None:
    assert simulate(plan).wrong == ""


def test_a_seed_is_one_history_after_any_other() -> None:
    """To the moment of each turn of the loop, of which the digest has a hash."""
    digests: dict[Plan, set[str]] = {}
    for name in ("stalled", "calm", "stalled", "killed while paused", "stalled", "calm"):
        plan = WELL[name]
        digests.setdefault(plan, set()).add(simulate(plan).digest)
    assert all(len(found) == 1 for found in digests.values())


def test_a_seed_is_one_history_under_any_hash_seed() -> None:
    told = []
    for number in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": number}
        command = [sys.executable, "-c", PRINT_DIGESTS]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        told.append(done.stdout.split())
    assert told[0] == told[1]
    assert len(set(told[0])) == 3
