"""The answers of the HTTP API that are not events as well."""

from typing import Annotated, TypedDict

from canvas.protocol.events import Placement


class Placed(Placement):
    """A pixel that was placed, and when its person may place the next one."""

    canvas: str
    cooldown_ms: Annotated[int, "until the next pixel may be placed"]
    charges_left: Annotated[int, "pixels that may be placed at once, now"]


class Cell(TypedDict):
    """The newest placement on a cell, and those before it; the background without any, and where a
    resize has cut it off.
    """

    canvas: str
    x: int
    y: int
    color: str
    username: str | None
    timestamp: int | None
    seq: int | None
    history: Annotated[list[Placement], "newest first"]


class Changes(TypedDict):
    """A page of the ledger."""

    canvas: str
    epoch: int
    seq: Annotated[int, "of the last placement here: the next `since`"]
    more: bool
    placements: list[Placement]
