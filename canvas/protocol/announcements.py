"""Every message between pods: plain JSON on two channels of Redis.

A message is a hint. What it cannot say, or should not, the receiving pod reads from the database.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypedDict

from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.protocol.events import PixelUpdated, pixel_updated

PIXEL_CHANNEL = "pixel-updates"
USER_CHANNEL = "user-events"
MAX_ANNOUNCED = 500  # placements of one commit told one by one; beyond, pods read the ledger
MAX_INTEGER = 2**53 - 1  # what JavaScript holds exactly
USER_KEY = "user:"  # an expulsion's key of an account begins so


class CanvasAdvanced(TypedDict):
    """A commit that is too large to be told pixel by pixel has brought a canvas to a seq."""

    type: Literal["canvas_advanced"]
    canvas: str
    seq: int


class CanvasRulesChanged(TypedDict):
    """A canvas has other rules, another palette or another size."""

    type: Literal["canvas_changed"]
    canvas: str


class UserUpdate(TypedDict):
    """A changed lease."""

    type: Literal["user_update"]
    podId: str


class UserBanned(TypedDict):
    """A banned account, whose sockets must close."""

    type: Literal["user_banned"]
    userId: int


class UserExpelled(TypedDict):
    """Sockets that must close; the database knows which."""

    type: Literal["user_expelled"]


PixelMessage = PixelUpdated | CanvasAdvanced | CanvasRulesChanged
UserMessage = UserUpdate | UserBanned | UserExpelled
Message = PixelMessage | UserMessage


# --- what a pod says


def committed(meta: CanvasMeta, pixels: Sequence[Pixel]) -> Sequence[PixelMessage]:
    """Return the messages that tell the other pods of a commit."""
    if len(pixels) > MAX_ANNOUNCED:
        return [{"type": "canvas_advanced", "canvas": meta.slug, "seq": pixels[-1].seq}]
    return [pixel_updated(meta, pixel) for pixel in pixels]


def rules_changed(slug: str) -> CanvasRulesChanged:
    return {"type": "canvas_changed", "canvas": slug}


def user_update(pod_id: str) -> UserUpdate:
    return {"type": "user_update", "podId": pod_id}


def expelled(key: str, *, banned: bool) -> UserBanned | UserExpelled:
    """Return the hint that sockets must close; a banned account is the only one that it names."""
    if banned and key.startswith(USER_KEY):
        return {"type": "user_banned", "userId": int(key.removeprefix(USER_KEY))}
    return {"type": "user_expelled"}


# --- what a pod hears


class Advanced(NamedTuple):
    """Another pod's `canvas_advanced`."""

    slug: str
    seq: int


class Changed(NamedTuple):
    """Another pod's `canvas_changed`."""

    slug: str


class Updated(NamedTuple):
    """Another pod's `pixel_updated`; `color` as #RRGGBB, since the reader knows the palette."""

    slug: str
    seq: int
    x: int
    y: int
    color: str
    username: str
    timestamp: int

    def pixel(self, meta: CanvasMeta) -> Pixel:
        """Return the pixel; raise ValueError where it cannot be one of this canvas."""
        index = meta.color_index.get(self.color)
        if index is None or not (0 <= self.x < meta.width and 0 <= self.y < meta.height):
            raise ValueError("a pixel that this canvas cannot hold")
        return Pixel(self.seq, self.x, self.y, index, self.username, self.timestamp)


class PeopleChanged(NamedTuple):
    """Another pod's `user_update`."""

    pod_id: str


class Expelled(NamedTuple):
    """Another pod's `user_banned` or `user_expelled`: the database has new expulsions."""


UPDATED_FIELDS: Mapping[str, type] = {
    "canvas": str,
    "seq": int,
    "x": int,
    "y": int,
    "color": str,
    "username": str,
    "timestamp": int,
}


def parse_pixel_message(message: Mapping[str, Any]) -> Advanced | Changed | Updated:
    """Read a message of `pixel-updates`; raise ValueError when it cannot be trusted."""
    kind = message.get("type")
    if kind == "pixel_updated":
        updated = Updated._make(_typed(message, UPDATED_FIELDS))
        _check_sendable("seq", updated.seq)
        _check_sendable("timestamp", updated.timestamp)
        updated.username.encode()  # a lone surrogate is a ValueError here, not in the fan-out
        return updated
    if kind == "canvas_advanced":
        advanced = Advanced._make(_typed(message, {"canvas": str, "seq": int}))
        _check_sendable("seq", advanced.seq)
        return advanced
    if kind == "canvas_changed":
        return Changed._make(_typed(message, {"canvas": str}))
    raise ValueError("unknown type")


def parse_user_message(message: Mapping[str, Any]) -> PeopleChanged | Expelled | None:
    """Read a message of `user-events`; None for any other."""
    kind = message.get("type")
    if kind == "user_update":
        pod_id = message.get("podId")
        return PeopleChanged(pod_id) if isinstance(pod_id, str) else None
    return Expelled() if kind in ("user_banned", "user_expelled") else None


def _typed(message: Mapping[str, Any], fields: Mapping[str, type]) -> list[Any]:
    said = [message.get(name) for name in fields]
    kinds = list(map(type, said))
    if kinds != list(fields.values()):
        wrong = [name for name, kind in zip(fields, kinds, strict=True) if kind is not fields[name]]
        raise ValueError(f"field {wrong[0]} is missing or of the wrong type")
    return said


def _check_sendable(name: str, number: int) -> None:
    if not 0 <= number <= MAX_INTEGER:
        raise ValueError(f"{name} is a number that no client could read")
