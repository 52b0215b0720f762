"""Every message between pods, as a pod hears it.

`canvas.protocol.announcements` makes them.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.protocol.announcements import MAX_ANNOUNCED
from canvas.protocol.signatures import signer

MAX_INTEGER = 2**53 - 1  # what JavaScript holds exactly
CANVAS_KINDS = ("pixel_updated", "pixels_updated", "canvas_advanced", "canvas_changed")
USER_KINDS = ("user_update", "user_banned", "user_expelled")


class OtherSite(ValueError):
    """A message of another site on the same Redis."""


class Advanced(NamedTuple):
    """Another pod's `canvas_advanced`; `is_proven` with a valid signature."""

    slug: str
    epoch: object
    revision: object
    is_proven: bool
    seq: int


class Changed(NamedTuple):
    """Another pod's `canvas_changed`."""

    slug: str
    epoch: object
    revision: object
    is_proven: bool


class Updated(NamedTuple):
    """Another pod's `pixel_updated`; `position` is its colour's in the palette, `after` a hint."""

    slug: str
    epoch: object
    revision: object
    is_proven: bool
    seq: int
    x: int
    y: int
    color: str
    position: object
    username: str
    timestamp: int
    after: object

    def pixel(self, meta: CanvasMeta) -> Pixel:
        """Return the pixel; raise ValueError where it cannot be one of this canvas."""
        index = meta.color_index.get(self.color)
        if index is None or index != self.position:
            raise ValueError("a colour that this palette does not have there")
        if not (0 <= self.x < meta.width and 0 <= self.y < meta.height):
            raise ValueError("a pixel that this canvas cannot hold")
        return Pixel(self.seq, self.x, self.y, index, self.username, self.timestamp)


class UpdatedTogether(NamedTuple):
    """Another pod's `pixels_updated`: the rows of a commit, unchecked."""

    slug: str
    epoch: object
    revision: object
    is_proven: bool
    seq: int
    rows: list[Any]
    after: object

    def pixels(self, meta: CanvasMeta) -> list[Pixel]:
        """Return the pixels; raise ValueError where one cannot be of this canvas."""
        colors, width, height = meta.color_index, meta.width, meta.height
        pixels = []
        for seq, row in enumerate(self.rows, start=self.seq):
            x, y, index, color, username, timestamp = row
            if not (type(x) is type(y) is type(index) is type(timestamp) is int):
                raise ValueError("a number of a pixel is missing or of the wrong type")
            if type(username) is not str or type(color) is not str:
                raise ValueError("a text of a pixel is missing or of the wrong type")
            if colors.get(color) != index:
                raise ValueError("a colour that this palette does not have there")
            if not (0 <= x < width and 0 <= y < height and 0 <= timestamp <= MAX_INTEGER):
                raise ValueError("a pixel that this canvas cannot hold")
            pixels.append(Pixel(seq, x, y, index, username, timestamp))
        return pixels


Announcement = Advanced | Changed | Updated | UpdatedTogether


def doubt(announcement: Announcement, meta: CanvasMeta) -> str | None:
    """Return why a pod with these rules takes a message as a hint; None if it does not."""
    if not announcement.is_proven:
        return "unsigned"
    if announcement.epoch != meta.epoch:
        return "epoch"
    return None if announcement.revision == meta.revision else "revision"


class PeopleChanged(NamedTuple):
    """Another pod's `user_update`."""

    pod_id: str


class Expelled(NamedTuple):
    """Another pod's `user_banned` or `user_expelled`: the database has new expulsions."""


def parse_pixel_message(message: Mapping[str, Any]) -> Announcement:
    """Read a message of `pixel-updates`.

    Raise OtherSite for one that says so, and ValueError for one that makes no sense.
    """
    kind = message.get("type")
    if kind == "pixel_updated":
        return _read_updated(message)
    if kind == "pixels_updated":
        return _read_together(message)
    if kind == "canvas_advanced":
        slug, seq = _text(message, "canvas"), _number(message, "seq")
        return Advanced(*_origin_of(message, kind, slug, seq), seq)
    if kind == "canvas_changed":
        slug = _text(message, "canvas")
        return Changed(*_origin_of(message, kind, slug, message.get("seq")))
    raise ValueError("unknown type")


def _read_updated(message: Mapping[str, Any]) -> Updated:
    """Read a pixel: the one message that comes thousands of times a second."""
    get: Callable[[str], Any] = message.get
    slug, color, username, index = get("canvas"), get("color"), get("username"), get("index")
    seq, x, y, timestamp = get("seq"), get("x"), get("y"), get("timestamp")
    texts = type(slug) is type(color) is type(username) is str
    numbers = type(seq) is type(x) is type(y) is type(timestamp) is int
    if not (texts and numbers and 0 <= seq <= MAX_INTEGER and 0 <= timestamp <= MAX_INTEGER):
        raise _fault_of(message)
    origin = _origin_of(
        message, "pixel_updated", slug, seq, x, y, color, index, username, timestamp
    )
    return Updated(*origin, seq, x, y, color, index, username, timestamp, get("after"))


def _fault_of(message: Mapping[str, Any]) -> ValueError:
    """Return which field of a `pixel_updated` is wrong."""
    try:
        for field in ("canvas", "color", "username"):
            _text(message, field)
        for field in ("seq", "timestamp"):
            _number(message, field)
    except ValueError as fault:
        return fault
    wrong = "x" if type(message.get("x")) is not int else "y"
    return ValueError(f"field {wrong} is missing or of the wrong type")


def _read_together(message: Mapping[str, Any]) -> UpdatedTogether:
    slug, seq, rows = _text(message, "canvas"), _number(message, "seq"), message.get("pixels")
    if type(rows) is not list or not all(type(row) is list and len(row) == 6 for row in rows):
        raise ValueError("field pixels is missing or of the wrong type")
    if not 0 < len(rows) <= MAX_ANNOUNCED:
        raise ValueError("more pixels than one message has, or none")
    origin = _origin_of(message, "pixels_updated", slug, seq, rows)
    return UpdatedTogether(*origin, seq, rows, message.get("after"))


def _origin_of(
    message: Mapping[str, Any], kind: str, slug: str, *fields: object
) -> tuple[str, object, object, bool]:
    """Return slug, epoch and revision, and whether the signature is valid.

    Raise OtherSite, and ValueError for fields that JSON could not carry on to clients.
    """
    ours, get = signer(), message.get
    if get("site", ours.site) != ours.site:
        raise OtherSite
    epoch, revision, sig = get("epoch"), get("revision"), get("sig")
    if sig is None:
        return slug, epoch, revision, False
    try:
        return slug, epoch, revision, ours.verifies(sig, kind, slug, epoch, revision, *fields)
    except TypeError:
        raise ValueError("a field that JSON cannot hold") from None


def _text(message: Mapping[str, Any], field: str) -> str:
    text = message.get(field)
    if type(text) is not str:
        raise ValueError(f"field {field} is missing or of the wrong type")
    return text


def _number(message: Mapping[str, Any], field: str) -> int:
    """Read a whole number that JavaScript holds exactly."""
    number = message.get(field)
    if type(number) is not int:
        raise ValueError(f"field {field} is missing or of the wrong type")
    if not 0 <= number <= MAX_INTEGER:
        raise ValueError(f"{field} is a number that no client could read")
    return number


def parse_user_message(message: Mapping[str, Any]) -> PeopleChanged | Expelled | None:
    """Read a message of `user-events`; None for any other. Raise OtherSite."""
    kind = message.get("type")
    if kind in USER_KINDS and message.get("site", signer().site) != signer().site:
        raise OtherSite
    if kind == "user_update":
        pod_id = message.get("podId")
        return PeopleChanged(pod_id) if isinstance(pod_id, str) else None
    return Expelled() if kind in ("user_banned", "user_expelled") else None
