"""A copy of a tip's bytes, kept outside of the database and believed by the stored tip alone."""

from contextlib import suppress
from typing import NamedTuple

import orjson

from canvas.domain.rules import CanvasMeta
from canvas.ledger import boards
from canvas.ledger.proof import Unproven
from canvas.models import Tip

MAX_BYTES = 16 * 2**20  # of a copy, as it is kept


class TipCopy(NamedTuple):
    """The gzipped cells of a tip, and what tells whether they are those of the stored one."""

    site: str
    epoch: int
    seq: int
    sha256: str
    cells: bytes

    def encode(self) -> bytes:
        """Return one line of JSON, and then the cells."""
        head = {
            "site": self.site,
            "epoch": self.epoch,
            "seq": self.seq,
            "sha256": self.sha256,
        }
        return orjson.dumps(head) + b"\n" + self.cells


def decode(value: bytes) -> TipCopy:
    """Return what `encode` made; raise ValueError for anything else."""
    head, _, cells = value.partition(b"\n")
    if len(value) > MAX_BYTES:
        raise ValueError("a copy is longer than it may be")
    try:
        fields = orjson.loads(head)
        return TipCopy(fields["site"], fields["epoch"], fields["seq"], fields["sha256"], cells)
    except (KeyError, TypeError, orjson.JSONDecodeError) as error:
        raise ValueError("a copy begins with its site, epoch, seq and hash") from error


def read_tip(meta: CanvasMeta, copy: TipCopy | None) -> tuple[Tip | None, bool]:
    """Return the stored tip, and whether its cells are those of the copy.

    A copy that is not of this tip, or not what it says, is as good as none. With one that is, the
    database sends no cells.
    """
    tips = Tip.objects.filter(canvas_id=meta.id)
    tip = None if copy is None else tips.defer("cells").first()
    if tip is not None and copy is not None and is_of(copy, meta, tip):
        tip.cells = copy.cells
        with suppress(Unproven):
            boards.cells_of(tip)
            return tip, True
    return tips.first(), False  # all of the row at once: it is replaced in place


def copy_of(tip: Tip, meta: CanvasMeta, site: str) -> TipCopy:
    return TipCopy(site, meta.epoch, tip.seq, tip.sha256, bytes(tip.cells))


def slugs_with_tips() -> list[str]:
    return list(Tip.objects.order_by("canvas__slug").values_list("canvas__slug", flat=True))


def is_of(copy: TipCopy, meta: CanvasMeta, tip: Tip) -> bool:
    return (copy.epoch, copy.seq, copy.sha256) == (meta.epoch, tip.seq, tip.sha256)
