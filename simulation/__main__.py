"""Simulate fresh seeds, or one: `make simulate`, with SEED or HOURS."""

import argparse
import os
import random
import sys
import time
from typing import NamedTuple

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pixelsite.settings")

import django

SHOWN = 200  # lines of a history


class Sums(NamedTuple):
    """Counts of a run: plans, simulated seconds, placements and callbacks."""

    plans: int = 0
    seconds: float = 0.0
    placements: int = 0
    turns: int = 0


def main() -> int:
    options = _parse()
    django.setup()
    from simulation import kept
    from simulation.plan import Plan
    from simulation.running import Outcome, simulate
    from simulation.shrinking import shrink

    def tell(outcome: Outcome) -> None:
        print(*outcome.history[-SHOWN:], sep="\n")
        print(f"seed {outcome.plan.seed}: {outcome.wrong or 'all is well'}")

    if options.seed is not None:
        outcome = simulate(Plan.of(options.seed))
        tell(outcome)
        if outcome.wrong:
            small = shrink(outcome)
            print("\nThe smallest plan that goes wrong:\n")
            tell(small)
            print(small.plan)
            if options.keep:
                kept.keep(small.plan, options.keep)
        return bool(outcome.wrong)
    began, worked, sums, wrong = time.perf_counter(), time.process_time(), Sums(), 0
    while (spent := time.perf_counter() - began) < options.seconds:
        seed = random.randrange(10**12)
        outcome = simulate(Plan.of(seed))
        sums = Sums(
            sums.plans + 1,
            sums.seconds + outcome.seconds,
            sums.placements + outcome.placements,
            sums.turns + outcome.turns,
        )
        if outcome.wrong:
            wrong += 1
            print(f"seed {seed}: {outcome.wrong[:200]}", flush=True)
            if options.first:
                break
    print(
        f"{sums.plans} seeds ({sums.plans / spent * 3600:,.0f} an hour),"
        f" {sums.seconds:,.0f} simulated seconds ({sums.seconds / spent:.0f} a second,"
        f" {sums.seconds / (time.process_time() - worked):.0f} a second of CPU),"
        f" {sums.placements:,} placements, {sums.turns:,} turns of the loop; {wrong} went wrong"
    )
    return bool(wrong)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="one seed: its history, shrunk if it goes wrong")
    parser.add_argument("--seconds", type=float, default=60.0, help="of fresh seeds")
    parser.add_argument("--hours", type=float, help="the same in hours")
    parser.add_argument("--first", action="store_true", help="stop at the first that goes wrong")
    parser.add_argument("--keep", metavar="WHAT", help="keep the shrunk plan for the tests")
    options = parser.parse_args()
    if options.hours is not None:
        options.seconds = options.hours * 3600
    return options


if __name__ == "__main__":
    sys.exit(main())
