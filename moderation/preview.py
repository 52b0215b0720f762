"""A dry run: the effect of a restoration, in numbers and pictures."""

import time
from typing import NamedTuple

from canvas.domain.area import Area
from canvas.domain.picture import png
from canvas.domain.pixel import Pixel
from canvas.domain.region import Region
from canvas.domain.rules import CanvasMeta
from canvas.ledger import tips
from moderation.pictures import data_url, scale_of
from moderation.plans.restoration import Restoration
from moderation.plans.tally import Tally, tally

PAGE_SIZE = 2000  # cells
TIMEOUT = 10.0  # seconds; of a selection that takes longer only the beginning is shown


class Preview(NamedTuple):
    """Counts of what is selected and would change. Pictures as data URLs.

    Without `is_whole` they are of the first placements of the selection, as far as the time was
    enough. `tally` has its people.
    """

    placements: int
    is_whole: bool
    cells: int
    tally: Tally
    before: str
    after: str


def preview(plan: Restoration, meta: CanvasMeta, timeout: float = TIMEOUT) -> Preview:
    """Look at the selection a page at a time, without a lock, for `timeout` seconds at most."""
    current = tips.load(meta)
    before = bytes(current.cells)
    changed = bytearray(len(before))
    position = looked_at = 0
    is_last = False
    deadline = time.monotonic() + timeout
    while not is_last and time.monotonic() < deadline:
        plan.prepare(meta, current.seq, position, PAGE_SIZE)
        page = plan.page(meta, current.seq, position, PAGE_SIZE)
        for cell in page.cells:
            changed[cell.y * meta.width + cell.x] = 1
        seq = current.seq
        current.apply(Pixel(seq, cell.x, cell.y, cell.color, "", 0) for cell in page.cells)
        position, is_last = page.position, page.is_last
        looked_at += page.looked_at
    area = plan.area.within(meta.width, meta.height)
    return Preview(
        placements=looked_at,
        is_whole=is_last,
        cells=sum(changed),
        tally=tally(meta, plan.selection),
        before=_picture(meta, before, area),
        after=_picture(meta, bytes(current.cells), area),
    )


def _picture(meta: CanvasMeta, cells: bytes, area: Area) -> str:
    return data_url(png(meta, cells, Region(*area, scale=scale_of(area))))
