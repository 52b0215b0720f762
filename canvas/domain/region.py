"""A region of the board, as a picture shows it, and the place that a link names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from canvas.domain import parsing, rules
from canvas.domain.rules import CanvasMeta
from runtime.errors import Invalid

CARD_WIDTH, CARD_HEIGHT = 1200, 630  # pixels: what previews of a link show as it is
MAX_SCALE = 64  # as near as the page goes
MAX_PART = 2**20  # cells of a part of the board
PART_FIELDS = ("x", "y", "width", "height")
MAX_ENLARGED = 2**21  # pixels of an enlarged picture: a plain one has at most one a cell
CELL_FORM = re.compile(r"[0-9]{1,5}")
ZOOM_FORM = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of cells, `scale` pixels each, that lies inside its canvas."""

    x: int
    y: int
    width: int
    height: int
    scale: int = 1

    @property
    def box(self) -> tuple[int, int, int, int]:
        return self.x, self.y, self.x + self.width, self.y + self.height

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture, in pixels."""
        return self.width * self.scale, self.height * self.scale


@dataclass(frozen=True, slots=True)
class Place:
    """The cell in the middle of a view, and its zoom in CSS pixels a cell."""

    x: int
    y: int
    zoom: float


def parse_region(meta: CanvasMeta, query: Mapping[str, str]) -> Region:
    """Read x, y, width, height and scale, all optional; raise Invalid, naming the field."""
    x = parsing.parse_coordinate(query.get("x", "0"), "x")
    y = parsing.parse_coordinate(query.get("y", "0"), "y")
    rules.check_inside(meta, x, y)
    region = Region(
        x,
        y,
        _length(query, "width", meta.width - x),
        _length(query, "height", meta.height - y),
        _length(query, "scale", MAX_SCALE, default=1),
    )
    width, height = region.size
    if region.scale > 1 and width * height > MAX_ENLARGED:
        detail = f"An enlarged picture has at most {MAX_ENLARGED} pixels, not {width} x {height}."
        raise Invalid("scale", "out_of_range", detail)
    return region


def parse_part(meta: CanvasMeta, query: Mapping[str, str]) -> Region | None:
    """Read the part of the board that a query asks for, None for all; raise Invalid."""
    asked = {field: query[field] for field in PART_FIELDS if field in query}
    if not asked:
        return None
    region = parse_region(meta, asked)
    if region.width * region.height > MAX_PART:
        detail = f"A part of the board has at most {MAX_PART} cells; the whole board has no bound."
        raise Invalid("width", "out_of_range", detail)
    return region


def _length(
    query: Mapping[str, str], field: str, longest: int, *, default: int | None = None
) -> int:
    if field not in query:
        return longest if default is None else default
    length = parsing.parse_coordinate(query[field], field)
    if not 1 <= length <= longest:
        raise Invalid(field, "out_of_range", f"{field} must be between 1 and {longest}.")
    return length


def read_place(query: Mapping[str, str]) -> Place | None:
    """Read the place of a link, `?x=&y=&zoom=`; None where it names none: the link opens
    regardless.
    """
    x, y, zoom = (query.get(name, "") for name in ("x", "y", "zoom"))
    if not (CELL_FORM.fullmatch(x) and CELL_FORM.fullmatch(y)):
        return None
    return Place(int(x), int(y), float(zoom) if ZOOM_FORM.fullmatch(zoom) else 1)


def card(meta: CanvasMeta, place: Place | None) -> Region:
    """Return the region that previews of a link show: around its place, or the board's middle."""
    place = place or Place(meta.width // 2, meta.height // 2, 1)
    scale = min(max(1, round(place.zoom)), MAX_SCALE)
    width = min(meta.width, CARD_WIDTH // scale)
    height = min(meta.height, CARD_HEIGHT // scale)
    # A small board would leave most of the card empty.
    scale = min(max(scale, min(CARD_WIDTH // width, CARD_HEIGHT // height)), MAX_SCALE)
    return Region(
        _start(place.x, width, meta.width),
        _start(place.y, height, meta.height),
        width,
        height,
        scale,
    )


def _start(middle: int, length: int, whole: int) -> int:
    return min(max(middle - length // 2, 0), whole - length)
