"""Every message between pods: plain JSON on two channels of Redis.

A message about a canvas carries the epoch and the revision that it speaks of, the name of the site,
and a signature. Without a valid one, or from another revision, it is a hint: the receiving pod
reads the database. A message of another site is dropped.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypedDict

from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.protocol.events import PixelUpdated, pixel_updated
from canvas.protocol.signatures import signer

PIXEL_CHANNEL = "pixel-updates"
USER_CHANNEL = "user-events"
MAX_ANNOUNCED = 500  # placements of one commit told one by one; beyond, pods read the ledger
MAX_INTEGER = 2**53 - 1  # what JavaScript holds exactly
USER_KEY = "user:"  # an expulsion's key of an account begins so


class Origin(TypedDict):
    """The past and the rules that a message speaks of, the site that it is of, and the proof."""

    epoch: int
    revision: int
    site: str
    sig: str  # see `canvas.protocol.signatures`


class PixelMessage(PixelUpdated, Origin):
    """A placed pixel, as clients get it, and its index in the palette of that revision."""

    index: int


class CanvasAdvanced(Origin):
    """A commit that is too large to be told pixel by pixel has brought a canvas to a seq."""

    type: Literal["canvas_advanced"]
    canvas: str
    seq: int


class CanvasRulesChanged(Origin):
    """A canvas has other rules, another palette or another size."""

    type: Literal["canvas_changed"]
    canvas: str
    seq: int


class UserUpdate(TypedDict):
    """A changed lease."""

    type: Literal["user_update"]
    podId: str
    site: str


class UserBanned(TypedDict):
    """A banned account, whose sockets must close."""

    type: Literal["user_banned"]
    userId: int
    site: str


class UserExpelled(TypedDict):
    """Sockets that must close; the database knows which."""

    type: Literal["user_expelled"]
    site: str


CanvasMessage = PixelMessage | CanvasAdvanced | CanvasRulesChanged
UserMessage = UserUpdate | UserBanned | UserExpelled
Message = CanvasMessage | UserMessage


# --- what a pod says


def committed(meta: CanvasMeta, pixels: Sequence[Pixel]) -> Sequence[CanvasMessage]:
    """Return the messages that tell the other pods of a commit under these rules."""
    if len(pixels) > MAX_ANNOUNCED:
        return [_advanced(meta, pixels[-1].seq)]
    return [pixel_message(meta, pixel) for pixel in pixels]


def pixel_message(meta: CanvasMeta, pixel: Pixel) -> PixelMessage:
    event, ours = pixel_updated(meta, pixel), signer()
    sig = ours.sign(
        "pixel_updated",
        meta.slug,
        meta.epoch,
        meta.revision,
        pixel.seq,
        pixel.x,
        pixel.y,
        event["color"],
        pixel.color,
        pixel.username,
        pixel.timestamp,
    )
    return {
        **event,
        "index": pixel.color,
        "epoch": meta.epoch,
        "revision": meta.revision,
        "site": ours.site,
        "sig": sig,
    }


def rules_changed(meta: CanvasMeta, seq: int) -> CanvasRulesChanged:
    return {
        "type": "canvas_changed",
        "canvas": meta.slug,
        "seq": seq,
        **_origin("canvas_changed", meta, seq),
    }


def user_update(pod_id: str) -> UserUpdate:
    return {"type": "user_update", "podId": pod_id, "site": signer().site}


def expelled(key: str, *, banned: bool) -> UserBanned | UserExpelled:
    """Return the hint that sockets must close; a banned account is the only one that it names."""
    site = signer().site
    if banned and key.startswith(USER_KEY):
        user_id = int(key.removeprefix(USER_KEY))
        return {"type": "user_banned", "userId": user_id, "site": site}
    return {"type": "user_expelled", "site": site}


def _advanced(meta: CanvasMeta, seq: int) -> CanvasAdvanced:
    return {
        "type": "canvas_advanced",
        "canvas": meta.slug,
        "seq": seq,
        **_origin("canvas_advanced", meta, seq),
    }


def _origin(kind: str, meta: CanvasMeta, seq: int) -> Origin:
    ours = signer()
    return {
        "epoch": meta.epoch,
        "revision": meta.revision,
        "site": ours.site,
        "sig": ours.sign(kind, meta.slug, meta.epoch, meta.revision, seq),
    }


# --- what a pod hears


class OtherSite(ValueError):
    """A message of another site on the same Redis."""


class Rules(NamedTuple):
    """The past and the rules that a message speaks of; `is_proven` with a valid signature."""

    epoch: object
    revision: object
    is_proven: bool

    def doubt(self, meta: CanvasMeta) -> str | None:
        """Return why a pod with these rules takes the message as a hint; None if it does not."""
        if not self.is_proven:
            return "unsigned"
        if self.epoch != meta.epoch:
            return "epoch"
        return None if self.revision == meta.revision else "revision"


class Advanced(NamedTuple):
    """Another pod's `canvas_advanced`."""

    slug: str
    seq: int
    rules: Rules


class Changed(NamedTuple):
    """Another pod's `canvas_changed`."""

    slug: str
    rules: Rules


class Updated(NamedTuple):
    """Another pod's `pixel_updated`; `position` is that of its colour in the palette of `rules`."""

    slug: str
    seq: int
    x: int
    y: int
    color: str
    username: str
    timestamp: int
    position: object
    rules: Rules

    def pixel(self, meta: CanvasMeta) -> Pixel:
        """Return the pixel; raise ValueError where it cannot be one of this canvas."""
        index = meta.color_index.get(self.color)
        if index is None or index != self.position:
            raise ValueError("a colour that this palette does not have there")
        if not (0 <= self.x < meta.width and 0 <= self.y < meta.height):
            raise ValueError("a pixel that this canvas cannot hold")
        return Pixel(self.seq, self.x, self.y, index, self.username, self.timestamp)


class PeopleChanged(NamedTuple):
    """Another pod's `user_update`."""

    pod_id: str


class Expelled(NamedTuple):
    """Another pod's `user_banned` or `user_expelled`: the database has new expulsions."""


USER_KINDS = ("user_update", "user_banned", "user_expelled")

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
    """Read a message of `pixel-updates`.

    Raise OtherSite for one that says so, and ValueError for one that makes no sense.
    """
    kind = message.get("type")
    if kind == "pixel_updated":
        slug, seq, x, y, color, username, timestamp = _typed(message, UPDATED_FIELDS)
        _check_sendable("seq", seq)
        _check_sendable("timestamp", timestamp)
        username.encode()  # a lone surrogate is a ValueError here, not in the fan-out
        index = message.get("index")
        rules = _rules(message, kind, slug, seq, x, y, color, index, username, timestamp)
        return Updated(slug, seq, x, y, color, username, timestamp, index, rules)
    if kind == "canvas_advanced":
        slug, seq = _typed(message, {"canvas": str, "seq": int})
        _check_sendable("seq", seq)
        return Advanced(slug, seq, _rules(message, kind, slug, seq))
    if kind == "canvas_changed":
        (slug,) = _typed(message, {"canvas": str})
        return Changed(slug, _rules(message, kind, slug, message.get("seq")))
    raise ValueError("unknown type")


def _rules(message: Mapping[str, Any], kind: str, slug: str, *fields: object) -> Rules:
    """Check site and signature of a message; raise OtherSite."""
    ours, site, sig = signer(), message.get("site"), message.get("sig")
    if site is not None and site != ours.site:
        raise OtherSite
    epoch, revision = message.get("epoch"), message.get("revision")
    try:
        is_proven = sig is not None and ours.verifies(sig, kind, slug, epoch, revision, *fields)
    except TypeError:  # fields that no pod of ours would sign: too large for JSON, for example
        is_proven = False
    return Rules(epoch, revision, is_proven)


def parse_user_message(message: Mapping[str, Any]) -> PeopleChanged | Expelled | None:
    """Read a message of `user-events`; None for any other. Raise OtherSite."""
    kind = message.get("type")
    if kind in USER_KINDS and message.get("site", signer().site) != signer().site:
        raise OtherSite
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
