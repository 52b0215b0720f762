"""Our own CSV: all that the public past has of a placement, one a line."""

from collections.abc import Callable

from canvas.ledger.segment_format import BY_MODERATION, BY_PROGRAM
from history.datasets.format import Format, Line, Target
from history.datasets.persons import import_hasher
from history.datasets.place import people
from history.datasets.records import CELL, PACK, Batch
from history.datasets.texts import read_milliseconds, shown
from history.errors import BadValue

COLUMNS = ("seq", "timestamp", "x", "y", "color", "person", "moderation", "program")
FLAGS = {
    (b"0", b"0"): 0,
    (b"1", b"0"): BY_MODERATION,
    (b"0", b"1"): BY_PROGRAM,
    (b"1", b"1"): BY_MODERATION | BY_PROGRAM,
}


def read_row(target: Target) -> Line:
    """Lines as `1,1764363600000,12,34,#FF0000,<hash>,0,0`, times in ms since 1970."""
    person = import_hasher(target.key)
    xs, ys, colors = target.xs, target.ys, target.colors

    def read(line: bytes) -> bytes:
        fields = line.split(b",")
        if len(fields) != len(COLUMNS):
            raise BadValue(f"it has {len(fields)} fields, not {len(COLUMNS)}")
        seq, stamp, x, y, color, name, *flags = fields
        if not seq.isdigit():
            raise BadValue(f"seq is {shown(seq)}, not a whole number")
        if (found := FLAGS.get((flags[0], flags[1]))) is None:
            raise BadValue("moderation and program are 0 or 1")
        time, who = read_milliseconds(stamp), person(name)
        return PACK(time, who, xs[x], ys[y], 0, 0, colors[color], found, CELL)

    return read


def write_row(target: Target) -> Callable[[Batch, int], bytes]:
    palette = [color.encode() for color in target.palette]
    ends = [b"%d,%d\n" % (flags & 1, flags >> 1 & 1) for flags in range(4)]

    def write(batch: Batch, first: int) -> bytes:
        columns = (batch.times, batch.xs, batch.ys, batch.colors, batch.flags)
        rows = zip(
            range(first, first + len(batch)),
            *(each.tolist() for each in columns),
            people(batch),
            strict=True,
        )
        return b"".join(
            [
                b"%d,%d,%d,%d,%b,%b,%b" % (seq, time, x, y, palette[color], who, ends[flags])
                for seq, time, x, y, color, flags, who in rows
            ]
        )

    return write


CSV = Format(
    "csv", ",".join(COLUMNS).encode(), read_row, write_row, flags=BY_MODERATION | BY_PROGRAM
)
