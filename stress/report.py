"""Report of a run, as a table of Markdown."""

import os
from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from stress.checker import Kind
from stress.load import Load
from stress.round import Outcome

COUNTED = [kind for kind in Kind if kind is not Kind.LATE]
HEADER = (
    *(
        "fault",
        "what is done",
        "what heals it",
        "rounds",
        "whole after (s), worst",
        "bound",
    ),
    *("acked", *COUNTED, "503 while down"),
)


def table(outcomes: Sequence[Outcome]) -> str:
    """Return a row for each fault; the seconds are the median and the worst."""
    by_fault: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_fault.setdefault(outcome.fault.name, []).append(outcome)
    rows = [HEADER, ["---"] * len(HEADER), *map(_row, by_fault.values())]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in rows)


def _row(outcomes: Sequence[Outcome]) -> Sequence[str]:
    fault = outcomes[0].fault
    seconds = [outcome.whole_after for outcome in outcomes]
    acked = sum(outcome.acked for outcome in outcomes)
    gone = sum(outcome.forfeited for outcome in outcomes)
    return (
        fault.name,
        fault.done,
        fault.heals,
        str(len(outcomes)),
        f"{median(seconds):.1f}, {max(seconds):.1f}",
        f"{fault.bound:g}",
        f"{acked:,}" + (f" ({gone:,} gone with the primary)" if gone else ""),
        *(str(sum(outcome.count(kind) for outcome in outcomes)) for kind in COUNTED),
        str(sum(outcome.excused for outcome in outcomes)),
    )


def whole(load: Load, outcomes: Sequence[Outcome], left_out: Iterable[str]) -> str:
    """Return the report of a run."""
    loads = [outcome.load for outcome in outcomes] or [0.0]
    machine = f"{os.cpu_count()} cores, load average {min(loads):.1f} to {max(loads):.1f}"
    lines = [
        "# Stress",
        f"Written by `make stress`: {load}; {machine}.",
        table(outcomes),
        *left_out,
        *_violations(outcomes),
    ]
    return "\n\n".join(lines) + "\n"


def _violations(outcomes: Sequence[Outcome]) -> Iterator[str]:
    for outcome in outcomes:
        for violation in outcome.violations[:5]:
            yield f"- {outcome.fault.name}: **{violation.kind}**: {violation.what}"
