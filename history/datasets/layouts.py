"""Layouts: what the fields of a usual line of a format are, and how a column of each is read."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from canvas.ledger.segment_format import BY_MODERATION, BY_PROGRAM
from history.datasets import columns
from history.datasets.blocks import Block, Spans
from history.datasets.columns import Right
from history.datasets.records import Records
from history.datasets.target import Target

SEQ_DIGITS = 18


Read = Callable[[Block, Spans, Target, Records], Right]


class Layout(NamedTuple):
    """A line whose fields are read in columns. Others, or wrong ones, are read one by one."""

    separator: bytes
    fields: tuple[Read, ...]


def read_usual(block: Block, layout: Layout, target: Target, records: Records) -> Right:
    """Fill in the records of all lines of a layout; return which lines are read."""
    read = np.zeros(len(block), bool)
    places, spans = block.fields(layout.separator, len(layout.fields))
    found = np.zeros(len(places), records.dtype)
    right = np.ones(len(places), bool)
    for take, each in zip(layout.fields, spans, strict=True):
        right &= take(block, each, target, found)
    read[places] = right
    records[places] = found
    return read


def time(block: Block, spans: Spans, target: Target, records: Records) -> Right:
    """Read ms since 1970, or a time as text."""
    right = milliseconds(block, spans, target, records)
    if right.all():
        return right
    moments, are_moments = columns.moments(block, spans)
    records["time"] = np.where(right, records["time"], moments)
    return right | are_moments


def moment(block: Block, spans: Spans, _target: Target, records: Records) -> Right:
    records["time"], right = columns.moments(block, spans)
    return right


def milliseconds(block: Block, spans: Spans, _target: Target, records: Records) -> Right:
    records["time"], right = columns.milliseconds(block, spans)
    return right


def person(block: Block, spans: Spans, target: Target, records: Records) -> Right:
    hashes = b"".join(map(target.persons.__getitem__, block.texts(spans)))
    records["person"] = np.frombuffer(hashes, "<u8")
    return np.ones(len(records), bool)


def x(block: Block, spans: Spans, target: Target, records: Records) -> Right:
    records["x"], right = columns.coordinates(block, spans, target.origin[0], target.width)
    return right


def y(block: Block, spans: Spans, target: Target, records: Records) -> Right:
    records["y"], right = columns.coordinates(block, spans, target.origin[1], target.height)
    return right


def quoted_x(block: Block, spans: Spans, target: Target, records: Records) -> Right:
    """Read the first half of `"12,34"`."""
    inner, right = columns.unquoted(block, spans, 1, 0)
    return right & x(block, inner, target, records)


def quoted_y(block: Block, spans: Spans, target: Target, records: Records) -> Right:
    inner, right = columns.unquoted(block, spans, 0, 1)
    return right & y(block, inner, target, records)


def color(block: Block, spans: Spans, target: Target, records: Records) -> Right:
    records["color"], right = columns.colors(block, spans, target.palette)
    return right


def index(block: Block, spans: Spans, target: Target, records: Records) -> Right:
    values, right = columns.coordinates(block, spans, 0, len(target.palette))
    records["color"] = np.where(right, values, 0)
    return right


def seq(block: Block, spans: Spans, _target: Target, records: Records) -> Right:
    """Look at a number that is not needed: lines are in the order of their times."""
    return columns.digits(block, spans, SEQ_DIGITS)[1]


def moderation(block: Block, spans: Spans, _target: Target, records: Records) -> Right:
    return _flag(block, spans, records, BY_MODERATION)


def program(block: Block, spans: Spans, _target: Target, records: Records) -> Right:
    return _flag(block, spans, records, BY_PROGRAM)


def _flag(block: Block, spans: Spans, records: Records, flag: int) -> Right:
    values, right = columns.coordinates(block, spans, 0, 2)
    records["flags"] |= np.where(right & (values == 1), flag, 0).astype(np.uint8)
    return right


def skipped(_block: Block, _spans: Spans, _target: Target, records: Records) -> Right:
    return np.ones(len(records), bool)
