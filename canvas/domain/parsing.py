"""Reading what clients send: each function raises Invalid, naming the field."""

import re
from collections.abc import Mapping
from typing import Any

from canvas.domain.rules import COLOR_FORM, NAME_LENGTH, Draw
from runtime import visible_text
from runtime.errors import Invalid

CLIENT_ID_FORM = re.compile(r"[!-~]{1,64}")
SLUG_FORM = re.compile(r"[-a-zA-Z0-9_]{1,50}")
DEFAULT_SLUG = "main"
MAX_OFFSET = 10**9  # in a list of people


def parse_draw(data: object) -> Draw:
    """Read `{"x", "y", "color"[, "id"][, "username"][, "over"]}`; raise Invalid for a field."""
    if not isinstance(data, Mapping):
        raise Invalid("message", "invalid", "Send a JSON object with x, y and color.")
    return Draw(
        x=coordinate_of(data, "x"),
        y=coordinate_of(data, "y"),
        color=_color(data),
        id=parse_client_id(data.get("id")),
        username=parse_username(data.get("username")),
        over=_over(data.get("over")),
    )


def coordinate_of(data: Mapping[str, Any], field: str) -> int:
    """Read a coordinate from a JSON object."""
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


def _over(value: object) -> int | None:
    if value is not None and (type(value) is not int or not 1 <= value < 2**63):
        raise Invalid("over", "invalid", "over must be the seq of a placement.")
    return value


def parse_client_id(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not CLIENT_ID_FORM.fullmatch(value):
        raise Invalid("id", "invalid", "id must be 1 to 64 printable ASCII characters.")
    return value


def parse_username(value: object) -> str | None:
    """Read a name: 1 to 32 characters of any script, one of them visible, nothing hidden.

    What counts for nothing is left out (`runtime.visible_text`).
    """
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > 4 * NAME_LENGTH:
        raise Invalid("username", "invalid", f"username must be 1 to {NAME_LENGTH} characters.")
    stripped = value.strip()
    try:
        name = visible_text.clean(stripped)
    except visible_text.Hidden:
        detail = "username must not hold control characters."
        raise Invalid("username", "invalid", detail) from None
    except visible_text.TooManyMarks:
        detail = f"username must not hold more than {visible_text.MAX_MARKS} marks on a letter."
        raise Invalid("username", "invalid", detail) from None
    if not stripped or len(name) > NAME_LENGTH:
        raise Invalid("username", "invalid", f"username must be 1 to {NAME_LENGTH} characters.")
    if not visible_text.has_ink(name):
        raise Invalid("username", "invalid", "username must hold a character that can be seen.")
    return name


def parse_flag(value: Any, field: str) -> bool:
    if not isinstance(value, bool):
        raise Invalid(field, "invalid", f"{field} must be true or false.")
    return value


def parse_offset(value: object) -> int:
    """Read a place in a list from a JSON value; 0 for none."""
    if value is None:
        return 0
    if type(value) is not int:
        raise Invalid("offset", "invalid", "offset must be a whole number.")
    if not 0 <= value <= MAX_OFFSET:
        raise Invalid("offset", "out_of_range", f"offset must be 0 to {MAX_OFFSET}.")
    return value


def parse_seq(value: str, field: str = "since") -> int:
    """Read a seq from a query string: the position that a client resumes from, for example."""
    return _number(value, field, f"{field} must be a whole number, 0 or more.")


def parse_coordinate(value: str, field: str) -> int:
    """Read a coordinate from a query string."""
    return _number(value, field, f"{field} must be a whole number.")


def _number(value: str, field: str, detail: str) -> int:
    # int() would also take signs, spaces, underscores and other scripts' digits
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise Invalid(field, "invalid", detail)
    return int(value)


def is_slug(value: str) -> bool:
    """Tell whether a canvas could have this name."""
    return SLUG_FORM.fullmatch(value) is not None


def slug_in(body: Mapping[str, Any]) -> str:
    """Read the slug of a canvas from a JSON object; `main` where it names none.

    Null is none of them: a program that sends it has lost the name of another one.
    """
    if body.get("canvas", DEFAULT_SLUG) is None:
        raise Invalid("canvas", "invalid", "canvas must be the name of a canvas.")
    return parse_slug(body.get("canvas"))


def parse_slug(value: object) -> str:
    """Read the slug of a canvas; `main` where a request names none."""
    if value is None:
        return DEFAULT_SLUG
    if not isinstance(value, str):
        raise Invalid("canvas", "invalid", "canvas must be the name of a canvas.")
    return value
