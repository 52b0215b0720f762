"""Frames in and out, and the messages between pods: pure encoding and decoding.

Sources of the formats: `docs/protocol.md`.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from canvas.errors import Invalid, TooLarge
from canvas.pace import pace_of
from canvas.rules import CanvasMeta

PROTOCOL_VERSION = 1
SUBPROTOCOL = "pixels.v1"
MAX_CLIENT_FRAME = 4096  # characters; a placement needs about 150

CLIENT_TYPES = ("pixel_update", "ping")  # browsers cannot send WebSocket pings of their own

PIXEL_CHANNEL = "pixel-updates"
USER_CHANNEL = "user-events"
EXPULSIONS = ("user_banned", "user_expelled")  # hints to look into the database
MAX_ANNOUNCED = 500  # placements of one commit told one by one; beyond, pods read the ledger

PIXEL_FRAME = 1
HEADER = struct.Struct("<BBHQ")  # kind, flags, count, first seq
CELL = struct.Struct("<HHB")  # x, y, palette index
MAX_CELLS = 0xFFFF
MAX_INTEGER = 2**53 - 1  # what JavaScript holds exactly


class Pixel(NamedTuple):
    """One entry of the ledger as pods carry it; `color` is a palette index, time in ms."""

    seq: int
    x: int
    y: int
    color: int
    username: str
    timestamp: int


def encode(event: Mapping[str, Any]) -> str:
    """One JSON text frame."""
    return orjson.dumps(event).decode()


def pixel_event(meta: CanvasMeta, pixel: Pixel) -> dict[str, Any]:
    """A pixel as the `pixel_updated` event that clients and other pods read."""
    return {
        "type": "pixel_updated",
        "canvas": meta.slug,
        "seq": pixel.seq,
        "x": pixel.x,
        "y": pixel.y,
        "color": meta.palette[pixel.color],
        "username": pixel.username,
        "timestamp": pixel.timestamp,
    }


def hello(meta: CanvasMeta, seq: int, username: str, pod_id: str) -> dict[str, Any]:
    """The first event on every socket."""
    return {
        "type": "hello",
        "protocol": PROTOCOL_VERSION,
        **canvas_fields(meta, seq),
        "username": username,
        "podId": pod_id,
    }


def canvas_changed(meta: CanvasMeta, seq: int) -> dict[str, Any]:
    """Other rules, palette or size, as clients read it."""
    return {"type": "canvas_changed", **canvas_fields(meta, seq)}


def canvas_fields(meta: CanvasMeta, seq: int) -> dict[str, Any]:
    return {
        "canvas": meta.slug,
        "seq": seq,
        "epoch": meta.epoch,
        "width": meta.width,
        "height": meta.height,
        "palette": list(meta.palette),
        "cooldown_ms": meta.cooldown_ms,
        "guest_cooldown_ms": pace_of(meta, guest=True).cooldown_ms,
        "charges": meta.charges,
        "frozen": meta.frozen,
        "protected": [list(area) for area in meta.protected],
        "retired": [color for color, _stand_in in meta.retired],
    }


def announcements(meta: CanvasMeta, pixels: Sequence[Pixel]) -> list[Mapping[str, Any]]:
    """What other pods are told of a commit."""
    if len(pixels) > MAX_ANNOUNCED:
        return [{"type": "canvas_advanced", "canvas": meta.slug, "seq": pixels[-1].seq}]
    return [pixel_event(meta, pixel) for pixel in pixels]


def encode_pixels(pixels: Sequence[Pixel]) -> bytes:
    """One binary frame of pixels whose seqs follow one another; at most 65,535 of them."""
    cells = b"".join([CELL.pack(pixel.x, pixel.y, pixel.color) for pixel in pixels])
    return HEADER.pack(PIXEL_FRAME, 0, len(pixels), pixels[0].seq) + cells


def decode_pixels(frame: bytes) -> Iterator[tuple[int, int, int, int]]:
    """The (seq, x, y, palette index) of a binary frame, as a client reads it."""
    kind, _flags, count, first = HEADER.unpack_from(frame)
    if kind != PIXEL_FRAME or len(frame) != HEADER.size + count * CELL.size:
        raise ValueError("not a pixel frame")
    for offset, (x, y, color) in enumerate(CELL.iter_unpack(frame[HEADER.size :])):
        yield first + offset, x, y, color


def in_frames(pixels: Sequence[Pixel]) -> Iterable[Sequence[Pixel]]:
    """The pixels cut into runs that one binary frame can hold."""
    return (pixels[start : start + MAX_CELLS] for start in range(0, len(pixels), MAX_CELLS))


def parse_client_frame(text: str | None) -> dict[str, Any]:
    """A client's text frame as an object with a known type; raise Refused else."""
    if text is None:
        raise Invalid("message", "invalid", "Send JSON text frames; binary is not understood.")
    if len(text) > MAX_CLIENT_FRAME:
        raise TooLarge(f"A message has at most {MAX_CLIENT_FRAME} characters.", field="message")
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Invalid("message", "invalid", "The message is not JSON.") from None
    if not isinstance(message, dict):
        raise Invalid("message", "invalid", "The message must be a JSON object.")
    if message.get("type") not in CLIENT_TYPES:
        raise Invalid("type", "unknown", "type must be pixel_update or ping.")
    return message


class Advanced(NamedTuple):
    """Another pod says that a canvas has reached a seq; the ledger has the rest."""

    slug: str
    seq: int


class Changed(NamedTuple):
    """Another pod says that a canvas has other rules, palette or size now."""

    slug: str


class Updated(NamedTuple):
    """Another pod's placement; `color` as #RRGGBB, since palettes are the reader's matter."""

    slug: str
    seq: int
    x: int
    y: int
    color: str
    username: str
    timestamp: int

    def pixel(self, meta: CanvasMeta) -> Pixel:
        """Raise ValueError where it cannot be a pixel of this canvas."""
        index = meta.color_index.get(self.color)
        if index is None or not (0 <= self.x < meta.width and 0 <= self.y < meta.height):
            raise ValueError("a pixel that this canvas cannot hold")
        return Pixel(self.seq, self.x, self.y, index, self.username, self.timestamp)


UPDATED_FIELDS = {
    "canvas": str,
    "seq": int,
    "x": int,
    "y": int,
    "color": str,
    "username": str,
    "timestamp": int,
}


def parse_announcement(message: Mapping[str, Any]) -> Advanced | Changed | Updated:
    """What a message on `pixel-updates` says; raise ValueError when it cannot be trusted."""
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
