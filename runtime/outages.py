"""Faults of the database, in words that a log or a probe may show."""

import re

LONGEST = 200  # characters
QUOTED = re.compile(r'"[^"]*"')  # names of people and databases, addresses


def reason_of(error: Exception) -> str:
    """Return what the database or its client said, without names and addresses."""
    lines = str(error).strip().splitlines()
    said = lines[-1] if lines else type(error).__name__
    for mark in ("FATAL:", "failed:"):
        said = said.rpartition(mark)[2].strip()
    return QUOTED.sub('"…"', said)[:LONGEST]
