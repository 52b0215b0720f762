"""The rules of a canvas: plain values, and checks that raise a refusal."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from functools import cache, cached_property, lru_cache
from typing import Any

from canvas.domain.area import Area
from canvas.domain.errors import Frozen, Protected
from canvas.domain.redaction import Redaction
from runtime.errors import Invalid

COLOR_FORM = re.compile(r"#[0-9A-Fa-f]{6}")
NAME_LENGTH = 32
MAX_SIDE = 8192  # pixels; the wire format would carry 65,535
MAX_PIXELS = 4096 * 4096  # one byte each, in the memory of every pod that serves the canvas
MAX_COLORS = 256  # a palette index is one byte
MAX_REDACTED = 1000  # areas of the past of one canvas: every picture of it looks at each
MAX_KEPT = 1024  # rules in memory that are one object wherever they are read
MAX_PROTECTED = 100  # areas of one canvas: every placement is held against each


def _pairs(value: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, value))


def _redactions(value: Sequence[Sequence[int]]) -> tuple[Redaction, ...]:
    return tuple(Redaction(*each) for each in value)


def _areas(value: Sequence[Sequence[int]]) -> tuple[Area, ...]:
    return tuple(Area(*area) for area in value)


@dataclass(frozen=True)
class CanvasMeta:
    """All that a canvas is, apart from its pixels. Durations in ms.

    `retired` are pairs of a colour that cannot be chosen any more and the one that stands in for
    it: its place in the palette stays, because the history has pixels of it.
    """

    id: int
    slug: str
    width: int
    height: int
    palette: tuple[str, ...] = field(metadata={"read": tuple})
    cooldown_ms: int
    frozen: bool
    epoch: int
    revision: int = 1
    guest_cooldown_ms: int | None = None  # as for accounts
    charges: int = 1
    auto_color: bool = True  # a page may take the colour that a person's template wants
    protected: tuple[Area, ...] = field(default=(), metadata={"read": _areas})
    retired: tuple[tuple[str, str], ...] = field(default=(), metadata={"read": _pairs})
    redacted: tuple[Redaction, ...] = field(default=(), metadata={"read": _redactions})

    @classmethod
    def of(cls, canvas: object) -> "CanvasMeta":
        """Read the attributes of a row of the database, each under the name of a field here.

        Rules that are the same are one object: each transaction reads them, and few change them.
        """
        values = ((read, getattr(canvas, name)) for name, read in _readers())
        return _one(*(read(value) if read else value for read, value in values))

    @cached_property
    def color_index(self) -> dict[str, int]:
        return {color: index for index, color in enumerate(self.palette)}

    @cached_property
    def stand_ins(self) -> dict[int, int]:
        """The palette index that is drawn in place of each retired one."""
        index = self.color_index
        return {index[color]: index[other] for color, other in self.retired}


@cache
def _readers() -> list[tuple[str, Callable[[Any], Any] | None]]:
    """Return the name of each field, and what makes it of JSON."""
    return [(rule.name, rule.metadata.get("read")) for rule in fields(CanvasMeta)]


@lru_cache(maxsize=MAX_KEPT)
def _one(*values: Any) -> CanvasMeta:
    return CanvasMeta(*values)


@dataclass(frozen=True, slots=True)
class Draw:
    """A pixel that a client asks for.

    `id` makes a retry safe, `username` names a guest; `over` is the seq of the placement that has
    to be the newest on the cell.
    """

    x: int
    y: int
    color: str
    id: str | None = None
    username: str | None = None
    over: int | None = None


def check_position(seq: int, last: int, field: str = "since") -> None:
    """Raise Invalid for a seq that this canvas has not reached."""
    if seq > last:
        raise Invalid(field, "ahead", f"{field} is {seq}, but this canvas is at {last}.")


def check_draw(meta: CanvasMeta, draw: Draw) -> int:
    """Return the palette index of a draw that this canvas accepts; raise Refused for any other."""
    if meta.frozen:
        raise Frozen
    check_inside(meta, draw.x, draw.y)
    index = meta.color_index.get(draw.color)
    if index is None:
        raise Invalid("color", "unknown", f"{draw.color} is not in the palette of this canvas.")
    if index in meta.stand_ins:
        raise Invalid("color", "retired", f"{draw.color} is not on offer any more.")
    if any(area.contains(draw.x, draw.y) for area in meta.protected):
        raise Protected
    return index


def check_inside(meta: CanvasMeta, x: int, y: int) -> None:
    for name, value, size in (("x", x, meta.width), ("y", y, meta.height)):
        if not 0 <= value < size:
            raise Invalid(name, "out_of_range", f"{name} must be between 0 and {size - 1}.")


def check_palette(palette: object) -> None:
    """Raise Invalid unless `palette` is 2 to 256 different colours in the form #RRGGBB."""
    if not isinstance(palette, list) or not 2 <= len(palette) <= MAX_COLORS:
        raise Invalid("palette", "invalid", f"A palette has 2 to {MAX_COLORS} colours.")
    for color in palette:
        if not isinstance(color, str) or not COLOR_FORM.fullmatch(color) or color != color.upper():
            raise Invalid("palette", "invalid", f"{color!r} must have the form #RRGGBB.")
    if len(set(palette)) != len(palette):
        raise Invalid("palette", "invalid", "A colour stands in the palette twice.")


def check_palette_change(old: Sequence[str], new: Sequence[str]) -> None:
    """Raise Invalid for a shorter palette: pixels keep their index, so a colour may be changed or
    added but not taken away.
    """
    if len(new) < len(old):
        raise Invalid(
            "palette", "invalid", f"A palette cannot shrink: this one has {len(old)} colours."
        )


def check_retired(palette: Sequence[str], retired: Sequence[Sequence[str]]) -> None:
    """Raise Invalid unless each retired colour has a stand-in of the palette that is on offer."""
    gone = [color for color, _other in retired]
    if len(set(gone)) != len(gone):
        raise Invalid("retired", "invalid", "A colour can be retired once.")
    for color, other in retired:
        if color not in palette or other not in palette:
            raise Invalid("retired", "invalid", f"{color} and {other} must be in the palette.")
        if color == palette[0]:
            raise Invalid("retired", "invalid", f"{color} is the background and has to stay.")
        if other in gone:
            raise Invalid("retired", "invalid", f"{other} cannot stand in: it is retired itself.")


def check_protected(areas: Sequence[Sequence[int]]) -> None:
    """Raise Invalid unless each protected area holds cells that some canvas could have."""
    if len(areas) > MAX_PROTECTED:
        raise Invalid("protected", "invalid", f"A canvas has at most {MAX_PROTECTED} areas.")
    for area in areas:
        _check_area("protected", Area(*area))


def check_redacted(redacted: Sequence[Sequence[int]]) -> None:
    """Raise Invalid unless each redaction is of cells and of seqs that some canvas could have."""
    if len(redacted) > MAX_REDACTED:
        raise Invalid("redacted", "invalid", f"A canvas has at most {MAX_REDACTED} redactions.")
    for each in (Redaction(*values) for values in redacted):
        _check_area("redacted", each.area)
        if not 0 <= each.first_seq <= each.last_seq:
            raise Invalid("redacted", "invalid", f"{each}: there are no such seqs.")


def _check_area(field: str, area: Area) -> None:
    if area.width < 1 or area.height < 1 or area.x < 0 or area.y < 0:
        raise Invalid(field, "invalid", f"{area} is no part of a canvas.")
    if area.right > MAX_SIDE or area.bottom > MAX_SIDE:
        raise Invalid(field, "invalid", f"{area} lies beyond any canvas.")
