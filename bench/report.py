"""The report: Markdown with the sections' tables and charts, and the claims of all."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.section import Claim, Section


def write(folder: Path, machine: Iterable[tuple[str, str]], sections: Sequence[Section]) -> Path:
    """Write REPORT.md and its charts into the folder; return the report's path.

    `machine` has pairs of a name and a value.
    """
    from bench import plots  # matplotlib takes a second: only here

    parts = [PREFACE, _table(("", "this run"), [list(row) for row in machine])]
    claims = [claim for section in sections for claim in section.claims]
    parts += ["## Reached and missed", _claims(claims)]
    for section in sections:
        parts += [f"## {section.title}", section.text]
        if section.rows:
            parts.append(_table(section.header, section.rows))
        for chart in section.charts:
            plots.draw(chart, folder / "charts" / f"{chart.name}.png")
            parts.append(f"![{chart.title}](charts/{chart.name}.png)")
        parts += section.notes
    file = folder / "REPORT.md"
    file.write_text("\n\n".join(parts) + "\n")
    return file


PREFACE = """# What it costs, beside what people would pick instead

Written whole by `make bench`; nothing here is edited by hand. Every gateway ran on this machine,
one after another, with the same load in the same rounds; numbers are medians over the rounds. CPU
is the gateway process's own time as the kernel counts it. Delays run from the message's own
timestamp to the load generator. The generator checks every message on every socket: a run of ours
that loses one, gets one twice or out of order, or has a socket closed ends the bench without a
report; a peer that does so has that in its row."""


def _claims(claims: Sequence[Claim]) -> str:
    rows = [
        (claim.what, claim.target, claim.reached, "reached" if claim.met else "**missed**")
        for claim in claims
    ]
    return _table(("what", "target", "measured", ""), rows)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
