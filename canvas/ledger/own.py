"""The placements of one person, a page at a time, by statements that look at a bounded part.

The index of people has no seqs (`placement_by_actor`), which spares 20 to 70 bytes of each row. So
all of a person with few placements are read at once; those of one with many are looked for in
stretches of the ledger. Which of the two is counted in the index alone.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple

from canvas.ledger.reads import Drawn, Head
from canvas.models import Placement

FEW = 10_000  # placements of one person, on all canvases, that one statement reads: two pages
STRETCH = 262_144  # seqs that one statement looks at, for a person with more
STRETCHES = 8  # of one answer


class Own(NamedTuple):
    """Placements of a person in order, and the seq up to which there are no others."""

    placements: list[Drawn]
    until: int


def own_placements(
    head: Head,
    actor: str,
    since: int,
    limit: int,
    turn: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Own:
    """Return the placements of a person after a seq, the oldest first, at most `limit`.

    `until` is before the newest placement of the canvas where there may be more. `turn` is taken
    to look at stretches of the ledger, which is long work.
    """
    of_person = Placement.objects.filter(actor=actor).order_by()
    if of_person.values("actor")[: FEW + 1].count() <= FEW:
        few = of_person.values_list("canvas_id", "seq", "x", "y", "color")[:FEW]
        here = (Drawn(*row) for canvas, *row in few if canvas == head.meta.id)
        return _page(sorted(each for each in here if since < each.seq <= head.seq), head.seq, limit)
    with turn():
        return _in_stretches(head, actor, since, limit)


def _in_stretches(head: Head, actor: str, since: int, limit: int) -> Own:
    found, until = list[Drawn](), min(since, head.seq)
    rows = Placement.objects.filter(actor=actor, canvas_id=head.meta.id).order_by("seq")
    for first in range(since, head.seq, STRETCH)[:STRETCHES]:
        until = min(first + STRETCH, head.seq)
        columns = rows.filter(seq__gt=first, seq__lte=until).values_list("seq", "x", "y", "color")
        found += [Drawn(*row) for row in columns[: limit + 1 - len(found)]]
        if len(found) > limit:
            break
    return _page(found, until, limit)


def _page(found: list[Drawn], until: int, limit: int) -> Own:
    """Return the first `limit`; the others come with the next page."""
    return Own(found[:limit], found[limit - 1].seq) if len(found) > limit else Own(found, until)
