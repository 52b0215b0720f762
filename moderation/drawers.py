"""The people who drew in an area: reads of the ledger that moderators decide by."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Max, Q

from canvas.domain.rules import CanvasMeta
from moderation.plans.restoration import Restoration

MAX_DRAWERS = 100  # listed: those with the most placements


class Drawer(NamedTuple):
    """A person who drew in an area; `name` is one of the names shown on the pixels."""

    actor: str
    name: str
    placements: int
    newest: datetime


def drawers(meta: CanvasMeta, selection: Restoration) -> Sequence[Drawer]:
    """List the people who drew there, the busiest first, without the operations of moderation."""
    rows = selection.selected(meta).filter(~Q(actor__startswith="operation:"))
    people = rows.values("actor").annotate(
        name=Max("username"), placements=Count("id"), newest=Max("placed_at")
    )
    found = people.order_by("-placements", "actor")
    fields = found.values_list("actor", "name", "placements", "newest")
    return [Drawer(*row) for row in fields[:MAX_DRAWERS]]
