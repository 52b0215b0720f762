"""`python -m bench`: measure, and write the report. It ends without one when a message is lost.

    python -m bench [--rounds N] [--only NAME ...]

The names are those of the modules in `bench/scenarios`. With --only, what was measured goes to
the folder `.bench` and the report of the project stays as it is.
"""

import argparse
from importlib import import_module
from pathlib import Path

from bench import machine, report
from bench.progress import say
from bench.stage import Stage

HERE = Path(__file__).parent
ASIDE = HERE.parent / ".bench"
NAMES = (
    "delivery",
    "relaying",
    "memory",
    "placements",
    "reverting",
    "crossing",
    "joining",
    "presence",
    "growth",
    "page",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description="Measure, and write the report.")
    parser.add_argument("--rounds", type=int, default=3, help="how often each load is repeated")
    parser.add_argument("--only", nargs="+", choices=NAMES, help="these alone, reported aside")
    chosen = parser.parse_args()
    names = chosen.only or NAMES
    sections, paces = [], []
    with Stage() as stage:
        for name in names:
            paces.append(machine.pace())
            say(f"== {name} (the machine's pace: {paces[-1]:.0f} ms)")
            sections.append(import_module(f"bench.scenarios.{name}").run(stage, chosen.rounds))
    folder = ASIDE if chosen.only else HERE
    folder.mkdir(exist_ok=True)
    say(f"wrote {report.write(folder, machine.describe(paces), sections)}")


if __name__ == "__main__":
    main()
