"""A ledger of many placements, made by SQL."""

import psycopg

from bench.progress import log

PART = 500_000  # placements that are made between two lines of progress


def fill(database_url: str, seed: str, count: int, name: str) -> None:
    """Make so many placements, by a statement that takes `count`, and the seqs `first` to `last`.

    `now()` is that of the one transaction, the same in each part.
    """
    with psycopg.connect(database_url) as database:
        for first in range(1, count + 1, PART):
            last = min(first + PART - 1, count)
            database.execute(seed.encode(), {"count": count, "first": first, "last": last})
            log(f"{name}: {last:,} placements of {count:,}")
        database.execute("UPDATE canvas_canvas SET seq = %s, clock = now()", [count])
