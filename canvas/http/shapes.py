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
    now: Annotated[int, "ms since 1970 by the clock that the timestamps are of"]


class Own(TypedDict):
    """A page of the placements of the person who asks, the oldest first, by column."""

    canvas: str
    seqs: list[int]
    xs: list[int]
    ys: list[int]
    colors: Annotated[list[int], "palette indices"]
    until: Annotated[int, "a seq: none up to it is missing"]
    more: Annotated[bool, "ask again, `since` that seq; the next page may be empty"]


class Changes(TypedDict):
    """A page of the ledger."""

    canvas: str
    epoch: int
    seq: Annotated[int, "of the last placement here: the next `since`"]
    more: bool
    placements: list[Placement]


class Revision(TypedDict):
    """Size and palette of a canvas, from the end of a seq on."""

    revision: int
    seq: Annotated[int, "of the newest placement then"]
    at: Annotated[int | None, "ms since 1970"]
    epoch: int
    width: int
    height: int
    palette: Annotated[list[str], "#RRGGBB each; the first is the background"]


class Segment(TypedDict):
    """A sealed segment of the ledger. Times in ms since 1970."""

    first_seq: int
    count: int
    placed_from: int
    placed_to: int
    bytes: Annotated[int, "as stored: gzipped"]
    sha256: Annotated[str, "its name, and the hash of the unpacked bytes"]
    keyframe: Annotated[str | None, "the hash of the board before it, where that is stored"]
    moderated: Annotated[
        int | None,
        "a bit for each of 48 equal parts of its time, the lowest first: 1 where moderation drew",
    ]


class Redaction(TypedDict):
    """An area that must not be shown: background on the boards of these seqs."""

    x: int
    y: int
    width: int
    height: int
    first_seq: int
    last_seq: Annotated[int, "the last board on which it is hidden"]


class History(TypedDict):
    """The sealed past of a canvas. Before its first revision, the first revision holds."""

    canvas: str
    epoch: int
    revisions: Annotated[list[Revision], "those that look another way than the one before"]
    segments: list[Segment]
    more: Annotated[bool, "ask again, since the last seq of these"]
    redactions: list[Redaction]
