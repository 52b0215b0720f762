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
from moderation.plans.search import Turn
from moderation.plans.tally import MAX_LOOKED, MAX_SCATTERED, Tally, tally

FIRST_CELLS = 500  # of the first look, which answers at once in any ledger
FIRST_SECONDS = 0.1  # for more cells than those
TIMEOUT = 10.0  # seconds that a longer look takes at most


class Look(NamedTuple):
    """The length of a look: of a larger selection only the beginning is shown.

    After its first turn, for so many cells, it ends with its `seconds`. Of the selection it reads
    `ahead` rows at a time, and its tally as many that are scattered over the ledger.
    """

    seconds: float
    cells: int
    ahead: int
    turn: Turn | None = None


FIRST = Look(FIRST_SECONDS, FIRST_CELLS, MAX_SCATTERED, Turn(2, MAX_SCATTERED))
LONGER = Look(TIMEOUT, 2000, MAX_LOOKED)


class Preview(NamedTuple):
    """Counts of what is selected and would change. Pictures as data URLs.

    Without `is_whole` they are of the first placements of the selection, as far as the look was
    long enough. `tally` has its people.
    """

    placements: int
    is_whole: bool
    cells: int
    tally: Tally
    before: str
    after: str


def preview(plan: Restoration, meta: CanvasMeta, look: Look = FIRST) -> Preview:
    """Look at the selection a page at a time, without a lock."""
    plan = plan.reading(look.ahead, look.turn)
    current = tips.load(meta)
    before = bytes(current.cells)
    changed = bytearray(len(before))
    position = looked_at = 0
    is_last = False
    deadline = time.monotonic() + look.seconds
    while not is_last:
        plan.prepare(meta, current.seq, position, look.cells)
        page = plan.page(meta, current.seq, position, look.cells)
        for cell in page.cells:
            changed[cell.y * meta.width + cell.x] = 1
        seq = current.seq
        current.apply(Pixel(seq, cell.x, cell.y, cell.color, "", 0) for cell in page.cells)
        position, is_last = page.position, page.is_last
        looked_at += page.looked_at
        if time.monotonic() > deadline:
            break
    area = plan.area.within(meta.width, meta.height)
    return Preview(
        placements=looked_at,
        is_whole=is_last,
        cells=sum(changed),
        tally=tally(meta, plan.selection, scattered=look.ahead),
        before=_picture(meta, before, area),
        after=_picture(meta, bytes(current.cells), area),
    )


def _picture(meta: CanvasMeta, cells: bytes, area: Area) -> str:
    return data_url(png(meta, cells, Region(*area, scale=scale_of(area))))
