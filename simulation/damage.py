"""Damage of one canvas, by hands or disks: what the database says of it until it is mended."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import IntegrityError

from canvas.domain.pixel import Pixel
from canvas.ledger import reads
from canvas.ledger.faults import Hole
from canvas.ledger.inserts import Row
from canvas.ledger.segments import End


@dataclass(frozen=True)
class Damage:
    """`missing` are the seqs whose rows are gone; the canvas's own row says `less` than its newest
    seq; with `is_sealed_wrong` the hashes of sealed boards are others.
    """

    missing: range = range(0)
    less: int = 0
    is_sealed_wrong: bool = False

    def stored(self, rows: Sequence[Row], since: int, limit: int) -> list[Pixel]:
        """Return the rows that there are after a seq, at most `limit`."""
        if not self.missing:
            return list(map(reads.pixel_of, rows[since : since + limit]))
        return list(map(reads.pixel_of, islice(self._left(rows[since:]), limit)))

    def newest(self, rows: Sequence[Row]) -> int:
        """Return the seq of the newest row that there is."""
        return next((row.seq for row in self._left(reversed(rows))), 0)

    def hole(self, sealed: int, newest: int) -> Hole | None:
        """Return what a fold lacks on its way from what is sealed to the newest seq."""
        lacks = [seq for seq in self.missing if sealed < seq <= newest]
        return Hole(lacks[0], lacks[-1]) if lacks else None

    def check_writable(self) -> None:
        """Raise IntegrityError: the next seq is that of a row that is there."""
        if self.less:
            raise IntegrityError("duplicate key value violates unique constraint")

    def ends(self, ends: dict[int, End]) -> dict[int, End]:
        if not self.is_sealed_wrong:
            return ends
        return {seq: end._replace(sha256="0" * 64) for seq, end in ends.items()}

    def _left(self, rows: Iterable[Row]) -> Iterator[Row]:
        return (row for row in rows if row.seq not in self.missing)


WHOLE = Damage()
