"""A placed pixel."""

from typing import NamedTuple


class Pixel(NamedTuple):
    """A placement as pods carry it.

    `color` is an index of the palette, `timestamp` ms since 1970 by the database's clock.
    """

    seq: int
    x: int
    y: int
    color: int
    username: str
    timestamp: int

    def is_same(self, other: "Pixel") -> bool:
        """Tell whether it is the same placement; the name of a person who left is taken off."""
        return self._replace(username=other.username) == other


class Seen(NamedTuple):
    """The colour that the pod's board has on the cell of a draw, None where it has no such cell.

    Beside it, whether that is what the draw asks for.
    """

    color: int | None
    has_asked_color: bool
