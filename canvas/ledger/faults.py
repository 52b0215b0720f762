"""Faults of a ledger, made by hands or disks: holes, and rows that contradict their canvas."""

from collections.abc import Sequence

from canvas.domain.errors import Damaged
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.models import Canvas, Placement


class LedgerFault(Damaged):
    """A fault that begins at a seq. Clients are told that there is one, logs which one it is."""

    def __init__(self, first: int, fault: str) -> None:
        super().__init__()
        self.first = first
        self._fault = fault

    def __str__(self) -> str:
        return self._fault

    def is_mended(self, slug: str) -> bool:
        """Tell whether this fault is gone, by a few rows; there may be others."""
        raise NotImplementedError


class Hole(LedgerFault):
    """Seqs that the ledger should have, and has not."""

    def __init__(self, first: int, last: int) -> None:
        super().__init__(first, f"the ledger lacks the seqs {first} to {last}")
        self.last = last

    def is_mended(self, slug: str) -> bool:
        ends = {self.first, self.last}
        rows = Placement.objects.filter(canvas__slug=slug, seq__in=ends)
        canvas = Canvas.objects.filter(slug=slug, seq__gte=self.first)
        return not canvas.exists() or rows.count() == len(ends)


class Surplus(LedgerFault):
    """Rows after the seq that the canvas says is its newest: the next placement would be another
    of its seq.
    """

    def __init__(self, newest: int, last: int) -> None:
        super().__init__(newest + 1, f"the canvas ends at {newest}, and the ledger at {last}")

    def is_mended(self, slug: str) -> bool:
        canvas = Canvas.objects.get(slug=slug)
        return not Placement.objects.filter(canvas=canvas, seq=canvas.seq + 1).exists()


class UnknownColor(LedgerFault):
    """A placement whose colour the palette has never had."""

    def __init__(self, pixel: Pixel) -> None:
        super().__init__(pixel.seq, f"placement {pixel.seq} has the unknown colour {pixel.color}")

    def is_mended(self, slug: str) -> bool:
        canvas = Canvas.objects.get(slug=slug)
        known = Placement.objects.filter(canvas=canvas, color__lt=len(canvas.palette))
        return known.filter(seq=self.first).exists()


def first_fault(meta: CanvasMeta, since: int, pixels: Sequence[Pixel]) -> LedgerFault | None:
    """Return the first fault of placements that should follow one another after `since`."""
    for expected, pixel in enumerate(pixels, since + 1):
        if pixel.seq != expected:
            return Hole(expected, pixel.seq - 1)
        if pixel.color >= len(meta.palette):
            return UnknownColor(pixel)
    return None


def fault_at_end(newest: int, last: int) -> LedgerFault | None:
    """Return the fault of a canvas whose newest seq is not that of its last row."""
    if last < newest:
        return Hole(last + 1, newest)
    return Surplus(newest, last) if last > newest else None
