"""The data sets of r/place: 2017, 2022 and 2023."""

import re
from collections.abc import Callable

from canvas.ledger.segment_format import BY_MODERATION
from history.datasets import layouts
from history.datasets.format import Format, Line
from history.datasets.layouts import Layout
from history.datasets.lines import Lines, people, stamps, table
from history.datasets.records import CELL, CIRCLE, PACK, RECTANGLE, Batch
from history.datasets.target import Target
from history.datasets.texts import read_milliseconds
from history.errors import BadValue

PALETTE_2017 = (
    "#FFFFFF #E4E4E4 #888888 #222222 #FFA7D1 #E50000 #E59500 #A06A42 "
    "#E5D900 #94E044 #02BE01 #00D3DD #0083C7 #0000EA #CF6EE4 #820080"
)
PALETTE_2022 = (
    "#FFFFFF #6D001A #BE0039 #FF4500 #FFA800 #FFD635 #FFF8B8 #00A368 "
    "#00CC78 #7EED56 #00756F #009EAA #00CCC0 #2450A4 #3690EA #51E9F4 "
    "#493AC1 #6A5CFF #94B3FF #811E9F #B44AC0 #E4ABFF #DE107F #FF3881 "
    "#FF99AA #6D482F #9C6926 #FFB470 #000000 #515252 #898D90 #D4D7D9"
)
CIRCLE_FORM = re.compile(rb'"?\{X: (-?\d+), Y: (-?\d+), R: (\d+)\}"?')
QUOTED = (layouts.quoted_x, layouts.quoted_y)  # a cell: `"12,34"`


def read_2017(target: Target) -> Line:
    """Lines as `1490979600000,<hash>,12,34,5`: the colour is an index."""
    moments, person = target.moments, target.persons
    xs, ys, indices = target.xs, target.ys, target.indices

    def read(line: bytes) -> bytes:
        fields = line.split(b",")
        if len(fields) != 5:
            raise BadValue(f"it has {len(fields)} fields, not 5")
        stamp, name, x, y, color = fields
        time = read_milliseconds(stamp) if stamp.isdigit() else moments.read(stamp)
        return PACK(time, person[name], xs[x], ys[y], 0, 0, indices[color], 0, CELL)

    return read


def read_2022(target: Target) -> Line:
    """Lines as `2022-04-03 17:38:22.252 UTC,<hash>,#FF3881,"0,0"`."""
    cell, other = _readers(target)

    def read(line: bytes) -> bytes:
        fields = line.split(b",")
        if len(fields) == 5:
            stamp, name, color, x, y = fields
            return cell(stamp, name, x, y, color)
        return other(fields[:2], fields[3:], fields[2:3])

    return read


def read_2023(target: Target) -> Line:
    """Lines as `2023-07-20 13:00:26.088 UTC,<hash>,"-199,-235",#FF4500`."""
    cell, other = _readers(target)

    def read(line: bytes) -> bytes:
        fields = line.split(b",")
        if len(fields) == 5:
            return cell(*fields)
        return other(fields[:2], fields[2:-1], fields[-1:])

    return read


Fields = list[bytes]


def _readers(
    target: Target,
) -> tuple[Callable[[bytes, bytes, bytes, bytes, bytes], bytes], Callable[..., bytes]]:
    """Return how a line of one cell is read, and how another."""
    read_moment, person = target.moments.read, target.persons
    xs, ys, colors = target.xs.quoted('"', ""), target.ys.quoted("", '"'), target.colors

    def cell(stamp: bytes, name: bytes, x: bytes, y: bytes, color: bytes) -> bytes:
        return PACK(read_moment(stamp), person[name], xs[x], ys[y], 0, 0, colors[color], 0, CELL)

    def other(begin: Fields, place: Fields, color: Fields) -> bytes:
        if not color or not 1 <= len(place) <= 4:
            raise BadValue(f"it has {len(begin) + len(place) + len(color)} fields")
        time, who = read_moment(begin[0]), person[begin[1]]
        return PACK(time, who, *_shape(target, b",".join(place), colors[color[0]]))

    return cell, other


def _shape(target: Target, place: bytes, color: int) -> tuple[int, ...]:
    """Return the fields of a rectangle, or a circle, that moderation filled."""
    xs, ys = target.xs, target.ys
    if circle := CIRCLE_FORM.fullmatch(place):
        x, y, radius = circle.groups()
        return xs[x], ys[y], target.radii[radius], 0, color, BY_MODERATION, CIRCLE
    corners = place.strip(b'"').split(b",")
    if len(corners) != 4:
        raise BadValue("its coordinate is no cell, rectangle or circle")
    left, top, right, bottom = corners
    shape = xs[left], ys[top], xs[right], ys[bottom]
    if shape[0] > shape[2] or shape[1] > shape[3]:
        raise BadValue("its rectangle ends before it begins")
    return *shape, color, BY_MODERATION, RECTANGLE


def write_2017(_target: Target) -> Callable[[Batch, int], bytes]:
    def write(batch: Batch, _first: int) -> bytes:
        found = Lines(len(batch)).number(batch.times).text(b",").column(*people(batch.persons))
        for column in (batch.xs, batch.ys, batch.colors):
            found.text(b",").number(column)
        return bytes(found.text(b"\n"))

    return write


def write_2022(target: Target) -> Callable[[Batch, int], bytes]:
    palette = table(target.palette)

    def write(batch: Batch, _first: int) -> bytes:
        found = _begun(batch).text(b",").column(palette[batch.colors]).text(b",")
        return bytes(_placed(found, batch, target).text(b"\n"))

    return write


def write_2023(target: Target) -> Callable[[Batch, int], bytes]:
    palette = table(target.palette)

    def write(batch: Batch, _first: int) -> bytes:
        found = _placed(_begun(batch).text(b","), batch, target)
        return bytes(found.text(b",").column(palette[batch.colors]).text(b"\n"))

    return write


def _begun(batch: Batch) -> Lines:
    found = Lines(len(batch)).column(stamps(batch.times)).text(b" UTC,")
    return found.column(*people(batch.persons))


def _placed(found: Lines, batch: Batch, target: Target) -> Lines:
    """Add `"12,34"`, or the rectangle of a cell where moderation drew."""
    xs, ys = batch.xs.astype(int) + target.origin[0], batch.ys.astype(int) + target.origin[1]
    drawn = (batch.flags & BY_MODERATION) != 0
    found.text(b'"').number(xs).text(b",").number(ys)
    if drawn.any():
        found.text(b",", drawn).number(xs, drawn).text(b",", drawn).number(ys, drawn)
    return found.text(b'"')


PLACE_2017 = Format(
    "place2017",
    b"ts,user_hash,x_coordinate,y_coordinate,color",
    read_2017,
    write_2017,
    (Layout(b",", (layouts.time, layouts.person, layouts.x, layouts.y, layouts.index)),),
    palette=tuple(PALETTE_2017.split()),
    size=(1000, 1000),
)
PLACE_2022 = Format(
    "place2022",
    b"timestamp,user_id,pixel_color,coordinate",
    read_2022,
    write_2022,
    (Layout(b",", (layouts.moment, layouts.person, layouts.color, *QUOTED)),),
    flags=BY_MODERATION,
    palette=tuple(PALETTE_2022.split()),
    size=(2000, 2000),
)
PLACE_2023 = Format(
    "place2023",
    b"timestamp,user,coordinate,pixel_color",
    read_2023,
    write_2023,
    (Layout(b",", (layouts.moment, layouts.person, *QUOTED, layouts.color)),),
    flags=BY_MODERATION,
    palette=tuple(PALETTE_2022.split()),
    size=(3000, 2000),
    origin=(-1500, -1000),
)
