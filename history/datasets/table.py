"""Our own CSV: all that the public past has of a placement, one a line."""

from collections.abc import Callable

import numpy as np

from canvas.ledger.segment_format import BY_MODERATION, BY_PROGRAM
from history.datasets import layouts
from history.datasets.format import Format, Line
from history.datasets.layouts import Layout
from history.datasets.lines import Lines, people, table
from history.datasets.records import CELL, PACK, Batch
from history.datasets.target import Target
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
    person = target.persons
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
        time, who = read_milliseconds(stamp), person[name]
        return PACK(time, who, xs[x], ys[y], 0, 0, colors[color], found, CELL)

    return read


def write_row(target: Target) -> Callable[[Batch, int], bytes]:
    palette = table(target.palette)

    def write(batch: Batch, first: int) -> bytes:
        found = Lines(len(batch)).number(np.arange(first, first + len(batch)))
        for column in (batch.times, batch.xs, batch.ys):
            found.text(b",").number(column)
        found.text(b",").column(palette[batch.colors]).text(b",").column(*people(batch.persons))
        for flag in (BY_MODERATION, BY_PROGRAM):
            found.text(b",").number((batch.flags & flag) != 0)
        return bytes(found.text(b"\n"))

    return write


CSV = Format(
    "csv",
    ",".join(COLUMNS).encode(),
    read_row,
    write_row,
    (
        Layout(
            b",",
            (
                layouts.seq,
                layouts.milliseconds,
                layouts.x,
                layouts.y,
                layouts.color,
                layouts.person,
                layouts.moderation,
                layouts.program,
            ),
        ),
    ),
    flags=BY_MODERATION | BY_PROGRAM,
)
