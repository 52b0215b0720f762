"""Strike a site with fault after fault: `make stress`."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import uvloop

from bench.progress import log
from stress import report
from stress.crowd import Crowd
from stress.faults import clocks, disk, failover, pods, postgres, redis, sentinel
from stress.faults.fault import Family
from stress.load import Load
from stress.prober import Prober
from stress.round import Outcome, Rounds
from stress.site import Site

FAMILIES: Sequence[Family] = [
    each.FAMILY for each in (pods, redis, sentinel, postgres, failover, disk, clocks)
]
SHORT = Load(pods=3, sockets=60, rate=30, rounds=1)


def main() -> int:
    options = _parse()
    load = Load(options.pods, options.sockets, options.rate, options.rounds)
    log(f"stress: {load}")
    outcomes: list[Outcome] = []
    left_out = []
    for family in _chosen(options.only):
        if lacks := family.lacks():
            left_out.append(f"Left out: {family.name}, for this machine lacks {lacks}.")
            log(left_out[-1])
            continue
        with Site(load, family.parts) as site:
            uvloop.run(_strike(site, family, outcomes))
    text = report.whole(load, outcomes, left_out)
    if options.write:
        options.write.parent.mkdir(exist_ok=True)
        options.write.write_text(text)
    print(text)
    return not outcomes or any(outcome.violations for outcome in outcomes)


async def _strike(site: Site, family: Family, outcomes: list[Outcome]) -> None:
    crowd = Crowd(site)
    try:
        await crowd.come()
        await Prober(crowd).begin()
        log(f"{family.name}: {len(site.pods)} pods and {len(crowd.clients)} sockets are there")
        rounds = Rounds(site, crowd)
        for fault in family.faults:
            for number in range(1, site.load.rounds + 1):
                outcome = await rounds.one(fault)
                outcomes.append(outcome)
                _tell(outcome, number)
    finally:
        await crowd.go()


def _tell(outcome: Outcome, number: int) -> None:
    bad = f"{len(outcome.violations)} VIOLATIONS" if outcome.violations else "nothing wrong"
    log(
        f"{outcome.fault.name}, round {number}: whole after {outcome.whole_after:.1f} s"
        f" of {outcome.fault.bound:g}, {outcome.acked:,} acked, {bad}; load {outcome.load:.1f}"
    )
    for violation in outcome.violations[:5]:
        log(f"    {violation.kind}: {violation.what}")


def _chosen(words: Sequence[str]) -> Iterator[Family]:
    """Yield the families, with those faults alone that one of the words stands for, if any."""
    for family in FAMILIES:
        faults = [
            fault
            for fault in family.faults
            if not words or family.name in words or any(word in fault.name for word in words)
        ]
        if faults:
            yield replace(family, faults=faults)


def _parse() -> argparse.Namespace:
    full = SHORT if "--short" in sys.argv else Load()
    parser = argparse.ArgumentParser(prog="stress", description="Fail everything under load.")
    parser.add_argument("--short", action="store_true", help="small, one round of each fault")
    parser.add_argument("--pods", type=int, default=full.pods)
    parser.add_argument("--sockets", type=int, default=full.sockets)
    parser.add_argument("--rate", type=float, default=full.rate, help="pixels a second")
    parser.add_argument("--rounds", type=int, default=full.rounds, help="of each fault")
    parser.add_argument("--only", nargs="+", default=[], help="families, or words of faults")
    parser.add_argument("--write", type=Path, help="a file for the report")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
