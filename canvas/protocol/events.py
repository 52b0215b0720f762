"""Every event that a client gets: one JSON text frame each. `docs/protocol.md` tells of them."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, NotRequired, TypedDict, cast

import orjson

from canvas.domain.cooldown import Allowance, cooldown_of
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from presence.crowd import LISTED
from runtime.errors import ErrorBody, Refused

PROTOCOL_VERSION = 1


class Placement(TypedDict):
    """A placed pixel, in events and in answers of the API."""

    seq: int
    x: int
    y: int
    color: Annotated[str, "#RRGGBB"]
    username: str
    timestamp: Annotated[int, "ms since 1970, by the database's clock"]


class PixelUpdated(Placement):
    """A placed pixel; pods send each other the same."""

    type: Literal["pixel_updated"]
    canvas: str


class CanvasFields(TypedDict):
    """A canvas and its rules, in events and in answers of the API. Durations in ms.

    A field that CanvasMeta has too is that field of it.
    """

    canvas: Annotated[str, "its slug"]
    seq: Annotated[int, "of the newest placement"]
    epoch: Annotated[int, "another one means another past: fetch the board anew"]
    revision: Annotated[int, "another one means other rules"]
    width: int
    height: int
    palette: Annotated[list[str], "#RRGGBB each; the first is the background"]
    cooldown_ms: int
    guest_cooldown_ms: int
    charges: Annotated[int, "pixels that a person can save up"]
    frozen: bool
    auto_color: Annotated[bool, "whether a page may take the colour that a template wants"]
    protected: Annotated[list[list[int]], "areas where nobody can draw: x, y, width, height"]
    retired: Annotated[list[str], "colours of the palette that are not on offer"]


class Hello(CanvasFields):
    """The first event on every socket."""

    type: Literal["hello"]
    protocol: int
    podId: str
    username: str
    guest: bool
    retry_after_ms: int  # until the next pixel may be placed
    charges_left: int  # pixels that may be placed at once, now


class CanvasChanged(CanvasFields):
    """Other rules, palette or size."""

    type: Literal["canvas_changed"]


class Ack(TypedDict):
    """The answer to a placement that is in the ledger: its id, and the pixel that was placed."""

    type: Literal["ack"]
    id: str | None
    seq: int
    x: int
    y: int
    color: str
    cooldown_ms: int
    charges_left: int


class Pong(TypedDict):
    type: Literal["pong"]
    seq: int


class Error(ErrorBody):
    """The answer to a message that changed nothing."""

    type: Literal["error"]
    id: str | None


class Resync(TypedDict):
    """The socket goes on after `seq`; the client fetches the board anew."""

    type: Literal["resync"]
    seq: int


class Status(TypedDict):
    """The state of this pod: while it is degraded, other pods' pixels come a second later; while it
    has found the canvas damaged, nothing can be placed there.
    """

    type: Literal["status"]
    degraded: bool
    damaged: bool


class Stats(TypedDict):
    """The number of people on all pods."""

    type: Literal["stats"]
    activeUsers: int
    timestamp: int


class UserList(TypedDict):
    """A name for each person on all pods; `total` where they are more than are listed.

    A list that was asked for may begin at another place in the alphabet than the first, which
    `offset` tells.
    """

    type: Literal["user_list"]
    users: list[str]
    timestamp: int
    total: NotRequired[int]
    offset: NotRequired[int]


Event = (
    PixelUpdated | Hello | CanvasChanged | Ack | Pong | Error | Resync | Status | Stats | UserList
)


def encode(event: Event) -> str:
    """Return the event as one JSON text frame."""
    return orjson.dumps(event).decode()


def pixel_updated(meta: CanvasMeta, pixel: Pixel) -> PixelUpdated:
    return {"type": "pixel_updated", "canvas": meta.slug, **placement(meta, pixel)}


def placement(meta: CanvasMeta, pixel: Pixel) -> Placement:
    """Return a pixel as answers of the API tell of it."""
    return {
        "seq": pixel.seq,
        "x": pixel.x,
        "y": pixel.y,
        "color": meta.palette[pixel.color],
        "username": pixel.username,
        "timestamp": pixel.timestamp,
    }


def hello(
    meta: CanvasMeta, seq: int, pod_id: str, name: str, *, guest: bool, allowance: Allowance
) -> Hello:
    return {
        "type": "hello",
        "protocol": PROTOCOL_VERSION,
        **canvas_fields(meta, seq),
        "podId": pod_id,
        "username": name,
        "guest": guest,
        "retry_after_ms": allowance.cooldown_ms,
        "charges_left": allowance.charges_left,
    }


def canvas_changed(meta: CanvasMeta, seq: int) -> CanvasChanged:
    return {"type": "canvas_changed", **canvas_fields(meta, seq)}


def canvas_fields(meta: CanvasMeta, seq: int) -> CanvasFields:
    """Return the fields of a canvas whose newest placement is `seq`."""
    rules = {name: _plain(getattr(meta, name, None)) for name in CanvasFields.__annotations__}
    rules |= {
        "canvas": meta.slug,
        "seq": seq,
        "guest_cooldown_ms": cooldown_of(meta, guest=True).cooldown_ms,
        "retired": [color for color, _stand_in in meta.retired],
    }
    return cast(CanvasFields, rules)


def ack(client_id: str | None, meta: CanvasMeta, pixel: Pixel, allowance: Allowance) -> Ack:
    return {
        "type": "ack",
        "id": client_id,
        "seq": pixel.seq,
        "x": pixel.x,
        "y": pixel.y,
        "color": meta.palette[pixel.color],
        "cooldown_ms": allowance.cooldown_ms,
        "charges_left": allowance.charges_left,
    }


def pong(seq: int) -> Pong:
    return {"type": "pong", "seq": seq}


def error(refusal: Refused, client_id: str | None = None) -> Error:
    return {"type": "error", "id": client_id, **refusal.as_dict()}


def resync(seq: int) -> Resync:
    return {"type": "resync", "seq": seq}


def status(*, degraded: bool, damaged: bool = False) -> Status:
    return {"type": "status", "degraded": degraded, "damaged": damaged}


def stats(people: int, timestamp: int) -> Stats:
    return {"type": "stats", "activeUsers": people, "timestamp": timestamp}


def user_list(names: Sequence[str], people: int, timestamp: int, offset: int = 0) -> UserList:
    """List the first of these names; the number of people goes with a list that leaves some out."""
    listed = list(names[:LISTED])
    event: UserList = {"type": "user_list", "users": listed, "timestamp": timestamp}
    if people > len(listed):
        event["total"] = people
    if offset:
        event["offset"] = offset
    return event


def _plain(value: Any) -> Any:
    """Turn tuples, named ones too, into lists."""
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
