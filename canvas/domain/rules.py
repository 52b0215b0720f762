"""What may be placed where: pure functions over plain values."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from canvas.domain.area import Area
from canvas.domain.errors import Frozen, Protected
from runtime.errors import Invalid

COLOR_FORM = re.compile(r"#[0-9A-Fa-f]{6}")
CLIENT_ID_FORM = re.compile(r"[!-~]{1,64}")
SLUG_FORM = re.compile(r"[-a-zA-Z0-9_]{1,50}")
NAME_LENGTH = 32
# Letters and signs by category that leave no mark: a name of nothing else cannot be seen.
INVISIBLE = {"\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u2800", "\u3164", "\uffa0"}
DEFAULT_SLUG = "main"
MAX_SIDE = 8192  # pixels; the wire format would carry 65,535
MAX_PIXELS = 4096 * 4096  # one byte each, in the memory of every pod that serves the canvas
MAX_COLORS = 256  # a palette index is one byte
MAX_PROTECTED = 100  # areas of one canvas: every placement is held against each


@dataclass(frozen=True)
class CanvasMeta:
    """All that a canvas is, apart from its pixels. Durations in milliseconds.

    `retired` are pairs of a colour that nobody can choose any more and the one that stands in
    for it: its place in the palette stays, because the history has pixels of it.
    """

    id: int
    slug: str
    width: int
    height: int
    palette: tuple[str, ...]
    cooldown_ms: int
    frozen: bool
    epoch: int
    guest_cooldown_ms: int | None = None  # as for accounts
    charges: int = 1
    protected: tuple[Area, ...] = ()
    retired: tuple[tuple[str, str], ...] = ()

    @cached_property
    def color_index(self) -> dict[str, int]:
        return {color: index for index, color in enumerate(self.palette)}

    @cached_property
    def stand_ins(self) -> dict[int, int]:
        """The palette index that is drawn in place of a retired one."""
        index = self.color_index
        return {index[color]: index[other] for color, other in self.retired}


@dataclass(frozen=True, slots=True)
class Draw:
    """A pixel somebody asks for; `id` makes a retry safe, `username` names a guest."""

    x: int
    y: int
    color: str
    id: str | None = None
    username: str | None = None


def parse_draw(data: object) -> Draw:
    """Read `{"x", "y", "color"[, "id"][, "username"]}`; raise Invalid naming the field."""
    if not isinstance(data, Mapping):
        raise Invalid("message", "invalid", "Send a JSON object with x, y and color.")
    return Draw(
        x=coordinate_of(data, "x"),
        y=coordinate_of(data, "y"),
        color=_color(data),
        id=parse_client_id(data.get("id")),
        username=parse_username(data.get("username")),
    )


def coordinate_of(data: Mapping[str, Any], field: str) -> int:
    """A coordinate from a JSON object."""
    value = data.get(field)
    # bool is an int to Python and 5.0 equals 5: neither is a coordinate
    if type(value) is not int:
        raise Invalid(field, "invalid", f"{field} must be a whole number.")
    return value


def _color(data: Mapping[str, Any]) -> str:
    value = data.get("color")
    if not isinstance(value, str) or not COLOR_FORM.fullmatch(value):
        raise Invalid("color", "invalid", "color must have the form #RRGGBB.")
    return value.upper()


def parse_client_id(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not CLIENT_ID_FORM.fullmatch(value):
        raise Invalid("id", "invalid", "id must be 1 to 64 printable ASCII characters.")
    return value


def parse_username(value: object) -> str | None:
    """A name as people may see it: any script, no control or invisible characters."""
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > 4 * NAME_LENGTH:
        raise Invalid("username", "invalid", f"username must be 1 to {NAME_LENGTH} characters.")
    name = unicodedata.normalize("NFC", value).strip()
    if not 1 <= len(name) <= NAME_LENGTH:
        raise Invalid("username", "invalid", f"username must be 1 to {NAME_LENGTH} characters.")
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for character in name):
        raise Invalid("username", "invalid", "username must not hold control characters.")
    if not any(unicodedata.category(c)[0] in "LNPS" and c not in INVISIBLE for c in name):
        raise Invalid("username", "invalid", "username must hold a character that can be seen.")
    return name


def parse_seq(value: str, field: str = "since") -> int:
    """A position in the ledger: the one that a client resumes from, for example."""
    return _number(value, field, f"{field} must be a whole number, 0 or more.")


def check_position(seq: int, last: int, field: str = "since") -> None:
    if seq > last:
        raise Invalid(field, "ahead", f"{field} is {seq}, but this canvas is at {last}.")


def parse_coordinate(value: str, field: str) -> int:
    """A coordinate from a query string."""
    return _number(value, field, f"{field} must be a whole number.")


def _number(value: str, field: str, detail: str) -> int:
    # int() would also take signs, spaces, underscores and other scripts' digits
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise Invalid(field, "invalid", detail)
    return int(value)


def check_draw(meta: CanvasMeta, draw: Draw) -> int:
    """The palette index of a draw that this canvas accepts, else Refused."""
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
    for field, value, size in (("x", x, meta.width), ("y", y, meta.height)):
        if not 0 <= value < size:
            raise Invalid(field, "out_of_range", f"{field} must be between 0 and {size - 1}.")


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
    """Pixels keep their palette index: a colour may be changed or added, not taken away."""
    if len(new) < len(old):
        raise Invalid(
            "palette", "invalid", f"A palette cannot shrink: this one has {len(old)} colours."
        )


def check_retired(palette: Sequence[str], retired: Sequence[Sequence[str]]) -> None:
    """Each retired colour has another one of the palette in its place, which is on offer."""
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
    """Each protected area holds cells that some canvas could have."""
    if len(areas) > MAX_PROTECTED:
        raise Invalid("protected", "invalid", f"A canvas has at most {MAX_PROTECTED} areas.")
    for area in (Area(*each) for each in areas):
        if area.width < 1 or area.height < 1 or area.x < 0 or area.y < 0:
            raise Invalid("protected", "invalid", f"{area} is no part of a canvas.")
        if area.right > MAX_SIDE or area.bottom > MAX_SIDE:
            raise Invalid("protected", "invalid", f"{area} lies beyond any canvas.")


def is_slug(value: str) -> bool:
    """Whether a canvas could have this name at all."""
    return SLUG_FORM.fullmatch(value) is not None


def parse_slug(value: object) -> str:
    """The canvas that a request names, `main` when it names none."""
    if value is None:
        return DEFAULT_SLUG
    if not isinstance(value, str):
        raise Invalid("canvas", "invalid", "canvas must be the name of a canvas.")
    return value
