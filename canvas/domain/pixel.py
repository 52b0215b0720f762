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
