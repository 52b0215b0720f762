"""Pxls' public log: tab-separated, each line with a hash that only its own person can make."""

from collections.abc import Callable

import numpy as np

from canvas.ledger.segment_format import BY_MODERATION
from history.datasets import layouts
from history.datasets.blocks import Block, Spans
from history.datasets.columns import Right
from history.datasets.format import Format, Line
from history.datasets.layouts import Layout
from history.datasets.lines import stamps
from history.datasets.persons import personal_key, row_hash
from history.datasets.records import CELL, NO_PERSON, PACK, Batch, Records
from history.datasets.target import Target
from history.errors import BadValue

PLACED, OVERWRITTEN = b"user place", b"mod overwrite"
# What is done to a cell, and the flags of a segment that it gets.
ACTIONS = {
    PLACED: 0,
    b"user undo": 0,
    OVERWRITTEN: BY_MODERATION,
    b"rollback": BY_MODERATION,
    b"rollback undo": BY_MODERATION,
    b"console nuke": BY_MODERATION,
}
PUBLIC, FULL = 6, 7  # fields of a line of the public log, and of one with the person's name


def read_log(target: Target) -> Line:
    """Lines as `2021-05-01 12:00:01,123⇥<hash>⇥12⇥34⇥5⇥user place`, or with id and name."""
    read_moment, person = target.moments.read, target.persons
    xs, ys, indices = target.xs, target.ys, target.indices

    def read(line: bytes) -> bytes:
        fields = line.split(b"\t")
        if len(fields) == PUBLIC:
            stamp, _hash, x, y, color, action = fields
            who = NO_PERSON  # another hash in each line
        elif len(fields) == FULL:
            stamp, number, _name, x, y, color, action = fields
            who = person[number]
        else:
            raise BadValue(f"it has {len(fields)} fields, not {PUBLIC} or {FULL}")
        if action not in ACTIONS:
            raise BadValue("its action is not known")
        flags = ACTIONS[action]
        return PACK(read_moment(stamp), who, xs[x], ys[y], 0, 0, indices[color], flags, CELL)

    return read


def write_log(_target: Target) -> Callable[[Batch, int], bytes]:
    def write(batch: Batch, first: int) -> bytes:
        columns = (batch.xs, batch.ys, batch.colors, batch.flags)
        rows = zip(
            map(bytes, stamps(batch.times, ",")),
            *(each.tolist() for each in columns),
            map(bytes, batch.persons),
            range(first, first + len(batch)),
            strict=True,
        )
        lines = []
        for stamp, x, y, color, flags, person, seq in rows:
            # Of nobody the key is another one in each line, which nobody has.
            key = personal_key(person) if any(person) else b"nobody %d" % seq
            action = OVERWRITTEN if flags & BY_MODERATION else PLACED
            who = row_hash(stamp, x, y, color, key).encode()
            lines.append(b"%b\t%b\t%d\t%d\t%d\t%b\n" % (stamp, who, x, y, color, action))
        return b"".join(lines)

    return write


def own_lines(lines: list[bytes], key: bytes) -> list[int]:
    """Return the numbers, from 1, of the lines of a public log that the person of a key has."""
    found = []
    for number, line in enumerate(lines, 1):
        stamp, who, x, y, color, _action = line.split(b"\t")
        if row_hash(stamp, int(x), int(y), int(color), key).encode() == who:
            found.append(number)
    return found


def _action(block: Block, spans: Spans, _target: Target, records: Records) -> Right:
    """Read what is done to cells."""
    found = np.array([ACTIONS.get(text, -1) for text in block.texts(spans)], np.int64)
    records["flags"] = np.maximum(found, 0)
    return found >= 0


CHANGE = (layouts.x, layouts.y, layouts.index, _action)
PXLS = Format(
    "pxls",
    b"",
    read_log,
    write_log,
    (
        Layout(b"\t", (layouts.moment, layouts.skipped, *CHANGE)),
        Layout(b"\t", (layouts.moment, layouts.person, layouts.skipped, *CHANGE)),
    ),
    suffix="log",
    flags=BY_MODERATION,
)
