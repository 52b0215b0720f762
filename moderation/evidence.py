"""Evidence for a report: the board at its moment, and the work of each person who drew there.

A person who overwrites most of a harmless work and leaves the cells that form a symbol would have
its author banned by a look at the board alone. So the work of each person is shown whole, with
what others have drawn over since.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import NamedTuple

from PIL import Image

from canvas.domain.area import Area
from canvas.domain.rules import CanvasMeta
from canvas.ledger import revisions
from canvas.ledger.layers import Layer, layers
from moderation.pictures import data_url, picture_url, scale_of

MARGIN = 8  # cells around a reported area, as far as MAX_SIDE leaves room: one cell says nothing
MAX_SIDE = 128  # cells of the area that is shown
MAX_ROWS = 60_000  # placements that are looked at
FIRST_ROWS = 6_000  # of a first look: in a large ledger each is on another page
FIRST_DEPTH = 3  # of those on one cell: with fewer the work of people is not told from its rest
MAX_DEPTH = 50  # of them on one cell
MAX_AUTHORS = 12  # shown: those who drew on the most cells
FADED = 0.8  # how much the work of others pales


class Author(NamedTuple):
    """A person who had drawn in the area; `name` is on the newest of these pixels.

    `shown` are the cells on which its pixel was the newest, `drawn` all that it had drawn on.
    `picture` has its work whole, before a pale board; a data URL, as all pictures here.
    """

    actor: str
    name: str
    shown: int
    drawn: int
    first: datetime
    newest: datetime
    picture: str

    @property
    def drawn_over(self) -> int:
        return self.drawn - self.shown

    @property
    def is_person(self) -> bool:
        return not self.actor.startswith("operation:")


class Evidence(NamedTuple):
    """The surroundings of a report at its seq; `authors` are the busiest of `people`.

    `depth` is how many placements on each cell were looked at, 0 for none; without `is_whole`
    there are more on some cells.
    """

    area: Area
    then: str
    authors: Sequence[Author]
    people: int
    depth: int
    is_whole: bool


Cell = tuple[int, int]
Cells = Mapping[Cell, Layer]


def first_look(meta: CanvasMeta, reported: Area, seq: int) -> Evidence:
    """Look at FIRST_ROWS placements, which answers at once however long the ledger is; at none
    where the area is too large for that.
    """
    then = revisions.meta_at(meta, seq)
    area = surroundings(then, reported)
    depth = depth_for(area, FIRST_ROWS)
    if depth < FIRST_DEPTH:
        return Evidence(area, picture_url(then, area, seq), (), 0, 0, is_whole=False)
    return _gather(then, area, seq, depth)


def gather(meta: CanvasMeta, reported: Area, seq: int) -> Evidence:
    """Look at the area and what is around it, on the board as it was at a seq."""
    then = revisions.meta_at(meta, seq)
    area = surroundings(then, reported)
    return _gather(then, area, seq, depth_for(area))


def _gather(meta: CanvasMeta, area: Area, seq: int, depth: int) -> Evidence:
    found = layers(meta, area, seq, depth)
    tops: dict[Cell, Layer] = {}
    works: dict[str, dict[Cell, Layer]] = defaultdict(dict)
    for layer in found:
        cell = (layer.x, layer.y)
        tops.setdefault(cell, layer)
        works[layer.actor].setdefault(cell, layer)
    busiest = sorted(works.items(), key=lambda work: (-len(work[1]), work[0]))[:MAX_AUTHORS]
    board = _image(meta, area, tops)
    authors = [_author(meta, area, tops, board, actor, work) for actor, work in busiest]
    is_whole = max(Counter((each.x, each.y) for each in found).values(), default=0) < depth
    return Evidence(area, _enlarged(board, area), authors, len(works), depth, is_whole)


def surroundings(meta: CanvasMeta, area: Area) -> Area:
    """Return the area with MARGIN cells around it, as far as the board and MAX_SIDE go."""
    x, width = _widen(area.x, area.width, meta.width)
    y, height = _widen(area.y, area.height, meta.height)
    return Area(x, y, width, height)


def _widen(start: int, length: int, whole: int) -> tuple[int, int]:
    margin = min(MARGIN, (MAX_SIDE - length) // 2)
    first, last = max(0, start - margin), min(whole, start + length + margin)
    return first, last - first


def depth_for(area: Area, rows: int = MAX_ROWS) -> int:
    """Return how many placements on each cell are looked at, where so many are in all."""
    return min(MAX_DEPTH, rows // (area.width * area.height))


def _author(
    meta: CanvasMeta, area: Area, tops: Cells, board: Image.Image, actor: str, work: Cells
) -> Author:
    newest = max(work.values(), key=lambda layer: layer.seq)
    return Author(
        actor=actor,
        name=newest.username,
        shown=sum(tops[cell] is layer for cell, layer in work.items()),
        drawn=len(work),
        first=min(layer.placed_at for layer in work.values()),
        newest=newest.placed_at,
        picture=_enlarged(_highlighted(meta, area, board, work), area),
    )


def _image(meta: CanvasMeta, area: Area, cells: Cells) -> Image.Image:
    """Draw these cells on the background."""
    colors = [tuple(bytes.fromhex(color[1:])) for color in meta.palette]
    image = Image.new("RGB", (area.width, area.height), colors[0])
    for (x, y), layer in cells.items():
        image.putpixel((x - area.x, y - area.y), colors[layer.color])
    return image


def _highlighted(meta: CanvasMeta, area: Area, board: Image.Image, work: Cells) -> Image.Image:
    pale = Image.blend(board, Image.new("RGB", board.size, "#808080"), FADED)
    mask = Image.new("1", board.size)
    for x, y in work:
        mask.putpixel((x - area.x, y - area.y), 1)
    return Image.composite(_image(meta, area, work), pale, mask)


def _enlarged(image: Image.Image, area: Area) -> str:
    scale = scale_of(area)
    file = BytesIO()
    size = (image.width * scale, image.height * scale)
    image.resize(size, Image.Resampling.NEAREST).save(file, format="PNG")
    return data_url(file.getvalue())
