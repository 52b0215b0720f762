"""Every message between pods, as a pod says it: plain JSON on two channels of Redis.

A message about a canvas carries the epoch and the revision that it speaks of, the name of the site,
and a signature. Without a valid one, or from another revision, it is a hint: the receiving pod
reads the database. A message of another site is dropped.
"""

from collections.abc import Sequence
from typing import Literal, TypedDict

from django.conf import settings

from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.protocol.events import PixelUpdated, pixel_updated
from canvas.protocol.signatures import signer

PIXEL_CHANNEL = "pixel-updates"
USER_CHANNEL = "user-events"
MAX_ANNOUNCED = 500  # placements of one commit told one by one; beyond, pods read the ledger
USER_KEY = "user:"  # an expulsion's key of an account begins so


class Origin(TypedDict):
    """The past and the rules that a message speaks of, the site that it is of, and the proof."""

    epoch: int
    revision: int
    site: str
    sig: str  # see `canvas.protocol.signatures`


class PixelMessage(PixelUpdated, Origin):
    """A placed pixel, as clients get it, and its index in the palette of that revision.

    `after` is the time of the placement before it, None where that is not known. It is a hint.
    """

    index: int
    after: int | None


class PixelsMessage(Origin):
    """The placements of one commit, whose seqs follow one another from `seq` on.

    Each is [x, y, index, color, username, timestamp]. `after` is as in PixelMessage.
    """

    type: Literal["pixels_updated"]
    canvas: str
    seq: int
    after: int | None
    pixels: list[list[int | str]]


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


CanvasMessage = PixelMessage | PixelsMessage | CanvasAdvanced | CanvasRulesChanged
UserMessage = UserUpdate | UserBanned | UserExpelled
Message = CanvasMessage | UserMessage


def committed(
    meta: CanvasMeta, pixels: Sequence[Pixel], after: int | None = None
) -> Sequence[CanvasMessage]:
    """Return the messages that tell the other pods of a commit under these rules.

    That is one a placement, or with PIXEL_MESSAGES=commit one in all; a pod hears both. `after` is
    the time of the placement before the first, in ms since 1970.
    """
    if len(pixels) > MAX_ANNOUNCED:
        return [_advanced(meta, pixels[-1].seq)]
    if pixels and settings.PIXEL_MESSAGES == "commit":
        return [pixels_message(meta, pixels, after)]
    before = [after, *(pixel.timestamp for pixel in pixels)]
    return [pixel_message(meta, *each) for each in zip(pixels, before, strict=False)]


def pixel_message(meta: CanvasMeta, pixel: Pixel, after: int | None = None) -> PixelMessage:
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
        "after": after,
        "epoch": meta.epoch,
        "revision": meta.revision,
        "site": ours.site,
        "sig": sig,
    }


def pixels_message(
    meta: CanvasMeta, pixels: Sequence[Pixel], after: int | None = None
) -> PixelsMessage:
    palette, seq = meta.palette, pixels[0].seq
    rows: list[list[int | str]] = [
        [each.x, each.y, each.color, palette[each.color], each.username, each.timestamp]
        for each in pixels
    ]
    return {
        "type": "pixels_updated",
        "canvas": meta.slug,
        "seq": seq,
        "after": after,
        "pixels": rows,
        **_origin("pixels_updated", meta, seq, rows),
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


def _origin(kind: str, meta: CanvasMeta, seq: int, *more: object) -> Origin:
    ours = signer()
    return {
        "epoch": meta.epoch,
        "revision": meta.revision,
        "site": ours.site,
        "sig": ours.sign(kind, meta.slug, meta.epoch, meta.revision, seq, *more),
    }
