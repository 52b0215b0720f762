"""A dry run: what a restoration would do, in numbers and pictures."""

import time
from base64 import b64encode
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Count

from canvas.domain.area import Area
from canvas.domain.picture import png
from canvas.domain.pixel import Pixel
from canvas.domain.region import MAX_SCALE, Region
from canvas.domain.rules import CanvasMeta
from canvas.ledger import tips
from moderation.plans import Restoration

PAGE = 2000  # placements
PATIENCE = 10.0  # seconds that a moderator waits; of more than that, only the beginning is shown
NAMED = 20  # people, those with the most placements
PICTURE_SIDE = 480  # pixels to which a small area is enlarged


class Preview(NamedTuple):
    """What is selected, what of it would change, and by whom it is. Pictures as data URLs."""

    placements: int
    looked_at: int
    cells: int
    people: Sequence[tuple[str, int]]
    before: str
    after: str

    @property
    def is_whole(self) -> bool:
        return self.looked_at == self.placements


def preview(plan: Restoration, meta: CanvasMeta, patience: float = PATIENCE) -> Preview:
    """Look at the selection a page at a time, without a lock and for a bounded time."""
    current = tips.load(meta)
    before = bytes(current.cells)
    changed = bytearray(len(before))
    position = looked_at = 0
    is_last = False
    deadline = time.monotonic() + patience
    while not is_last and time.monotonic() < deadline:
        page = plan.page(meta, current.seq, position, PAGE)
        for cell in page.cells:
            changed[cell.y * meta.width + cell.x] = 1
        seq = current.seq
        current.apply(Pixel(seq, cell.x, cell.y, cell.color, "", 0) for cell in page.cells)
        position, is_last = page.position, page.is_last
        looked_at += page.looked_at
    area = plan.area.within(meta.width, meta.height)
    people = plan.selected(meta).values("actor").annotate(count=Count("id")).order_by("-count")
    return Preview(
        placements=looked_at if is_last else plan.size(meta),
        looked_at=looked_at,
        cells=sum(changed),
        people=list(people.values_list("actor", "count")[:NAMED]),
        before=_picture(meta, before, area),
        after=_picture(meta, bytes(current.cells), area),
    )


def scale_of(area: Area) -> int:
    """How much to enlarge a small area, so that its pixels can be told apart."""
    return min(MAX_SCALE, max(1, PICTURE_SIDE // max(area.width, area.height)))


def _picture(meta: CanvasMeta, cells: bytes, area: Area) -> str:
    file = png(meta, cells, Region(*area, scale=scale_of(area)))
    return f"data:image/png;base64,{b64encode(file).decode()}"
