"""The place of a template on a board: partly beside it is fine, wholly is not."""

from blueprints.domain.template import MAX_SIDE
from canvas.domain.rules import MAX_SIDE as MAX_BOARD
from canvas.domain.rules import CanvasMeta
from runtime.errors import Invalid

LEAST = 1 - MAX_SIDE
MOST = MAX_BOARD - 1


def parse_place(value: object, field: str) -> int:
    """Read x or y of the top left cell, from a JSON value; raise Invalid."""
    if type(value) is not int:
        raise Invalid(field, "invalid", f"{field} must be a whole number.")
    if not LEAST <= value <= MOST:
        raise Invalid(field, "out_of_range", f"{field} must be between {LEAST} and {MOST}.")
    return value


def check_place(meta: CanvasMeta, x: int, y: int, width: int, height: int) -> None:
    """Raise Invalid where no cell of the template lies on the board."""
    for field, value, length, size in (
        ("x", x, width, meta.width),
        ("y", y, height, meta.height),
    ):
        if not -length < value < size:
            detail = f"{field} is {value}: all of it lies beside the board."
            raise Invalid(field, "out_of_range", detail)
