"""`python -m bench`: run the scenarios and write the report.

    python -m bench [--rounds N] [--only NAME ...] [--placements N]

The names are those of the modules in `bench/scenarios`. With --only, the report goes to the
folder `.bench` and that of the project stays as it is. No report is written when a message of
ours is lost.
"""

import argparse
import os
from importlib import import_module
from pathlib import Path

import django

from bench import machine, report
from bench.progress import log
from bench.rig import PLACEMENTS, Rig

HERE = Path(__file__).parent
ASIDE = HERE.parent / ".bench"
NAMES = (
    "delivery",
    "relaying",
    "memory",
    "placements",
    "canvases",
    "reverting",
    "crossing",
    "beside",
    "joining",
    "presence",
    "growth",
    "past",
    "long_ledger",
    "looking_back",
    "wal",
    "datasets",
    "page",
    "blueprints",
    "shared_link",
)


def set_up_django() -> None:
    """Let scenarios import what pods consist of; gateways get an environment of their own."""
    former = dict(os.environ)
    os.environ |= {"DEBUG": "1", "DATABASE_URL": "sqlite://:memory:"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "pixelsite.settings"
    django.setup()
    os.environ.clear()
    os.environ |= former


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description="Measure, and write the report.")
    parser.add_argument("--rounds", type=int, default=3, help="how often each load is repeated")
    parser.add_argument("--only", nargs="+", choices=NAMES, help="these alone, reported aside")
    parser.add_argument(
        "--placements",
        type=int,
        default=PLACEMENTS,
        help="length of the past in looking_back and long_ledger",
    )
    chosen = parser.parse_args()
    names = chosen.only or NAMES
    set_up_django()
    sections, paces = [], []
    with Rig(placements=chosen.placements) as rig:
        for name in names:
            paces.append(machine.pace())
            log(f"== {name} (the machine's pace: {paces[-1]:.0f} ms)")
            sections.append(import_module(f"bench.scenarios.{name}").run(rig, chosen.rounds))
    folder = ASIDE if chosen.only else HERE
    folder.mkdir(exist_ok=True)
    log(f"wrote {report.write(folder, machine.describe(paces), sections)}")


if __name__ == "__main__":
    main()
