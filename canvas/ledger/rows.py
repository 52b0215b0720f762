"""The rows of a stretch of the ledger, with all that a segment tells of them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, Func

from canvas.domain.columns import Columns
from canvas.domain.rules import CanvasMeta
from canvas.ledger import row_bytes
from canvas.ledger.faults import Hole
from canvas.ledger.row_bytes import MODERATION
from canvas.ledger.segment_format import BY_MODERATION, BY_PROGRAM
from canvas.models import Placement


class Rows(NamedTuple):
    """Placements, when each was made in ms since 1970, and the flags of each."""

    columns: Columns
    times: list[int]
    flags: bytes


def read(meta: CanvasMeta, since: int, until: int) -> Rows:
    """Return all rows after `since` up to `until`, at once; raise Hole where one is missing."""
    if connection.vendor == "postgresql":
        packed = row_bytes.read(meta, since, until)
        if len(packed) == max(0, until - since):
            return _unpacked(packed, since)
    found = Placement.objects.filter(canvas_id=meta.id, seq__gt=since, seq__lte=until)
    fields = ("seq", "x", "y", "color", Microseconds("placed_at"), "actor", "program")
    rows = list(found.order_by("seq").values_list(*fields))
    check_whole([row[0] for row in rows], since)
    if since + len(rows) < until:
        raise Hole(since + len(rows) + 1, until)
    if not rows:
        return Rows(Columns((), (), (), b""), [], b"")
    seqs, xs, ys, colors, microseconds, actors, programs = zip(*rows, strict=True)
    return Rows(
        Columns(seqs, xs, ys, bytes(colors)),
        [round(each / 10**6 * 1000) for each in microseconds],  # as reads.milliseconds does
        bytes(
            BY_MODERATION * actor.startswith(MODERATION) | BY_PROGRAM * program
            for actor, program in zip(actors, programs, strict=True)
        ),
    )


def _unpacked(packed: Any, since: int) -> Rows:
    return Rows(
        Columns(
            range(since + 1, since + 1 + len(packed)),
            packed["x"].tolist(),
            packed["y"].tolist(),
            packed["color"].astype("u1").tobytes(),
        ),
        row_bytes.milliseconds(packed).tolist(),
        packed["flags"].astype("u1").tobytes(),
    )


class Microseconds(Func):
    """A moment as an integer since 1970: psycopg takes two thirds of a read to parse moments."""

    output_field = BigIntegerField()
    template = "(EXTRACT(EPOCH FROM %(expressions)s) * 1000000)::bigint"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Go by the text that Django stores: six digits of a second, or none where they are 0."""
        whole = "CAST(strftime('%%%%s', substr(%(expressions)s, 1, 19)) AS INTEGER) * 1000000"
        part = "CAST(substr(%(expressions)s, 21, 6) AS INTEGER)"
        return self.as_sql(compiler, connection, template=f"({whole} + {part})", **context)


def count(meta: CanvasMeta, since: int, until: int) -> int:
    """Return how many rows there are after `since` up to `until`."""
    rows = Placement.objects.filter(canvas_id=meta.id, seq__gt=since, seq__lte=until)
    return rows.count()


def check_whole(seqs: Sequence[int], since: int) -> None:
    """Raise Hole unless these seqs, which rise, follow one another after `since`."""
    if not seqs or seqs[-1] == since + len(seqs):
        return
    for expected, seq in enumerate(seqs, since + 1):
        if seq != expected:
            raise Hole(expected, seq - 1)
