"""Wire formats of the gateways: the greeting, the pixels, and the answers to pings."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import orjson

from bench.load import frames
from canvas.protocol.frames import SUBPROTOCOL, decode_pixels


class Cell(NamedTuple):
    """A pixel as it was delivered, in any format."""

    seq: int
    x: int
    y: int


class Wire(Protocol):
    """A wire format.

    `hello` is the beginning of the message that ends a join. Where it is empty, the handshake
    ends it.
    """

    subprotocol: str
    hello: bytes

    def cells(self, opcode: int, payload: bytes) -> Sequence[Cell]:
        """Return the pixels in a frame; none for a frame of another kind."""

    def answer(self, opcode: int, payload: bytes) -> bytes:
        """Return the frame that the protocol requires in return, empty for most frames."""


class JSONEvents:
    """Frames with one `pixel_updated` object: our plain protocol, and that of most peers."""

    subprotocol = ""

    def __init__(self, hello: bytes = b"") -> None:
        self.hello = hello

    def cells(self, opcode: int, payload: bytes) -> Sequence[Cell]:
        if opcode not in (frames.TEXT, frames.BINARY) or b'"pixel_updated"' not in payload:
            return ()
        event = orjson.loads(payload)
        return (Cell(event["seq"], event["x"], event["y"]),)

    def answer(self, opcode: int, payload: bytes) -> bytes:
        return frames.masked(frames.PONG, payload) if opcode == frames.PING else b""


class PixelsV1(JSONEvents):
    """Binary frames with many pixels: our `pixels.v1`."""

    subprotocol = SUBPROTOCOL

    def cells(self, opcode: int, payload: bytes) -> Sequence[Cell]:
        if opcode != frames.BINARY:
            return ()
        return [Cell(seq, x, y) for seq, x, y, _color in decode_pixels(payload)]


class SocketIO:
    """Engine.IO 4 over WebSocket: a greeting and pings of its own, events `42["name", value]`."""

    subprotocol = ""
    hello = b"40{"

    def cells(self, opcode: int, payload: bytes) -> Sequence[Cell]:
        if not payload.startswith(b'42["pixel_updated"'):
            return ()
        event = orjson.loads(payload[2:])[1]
        return (Cell(event["seq"], event["x"], event["y"]),)

    def answer(self, opcode: int, payload: bytes) -> bytes:
        if payload.startswith(b"0{"):
            return frames.masked(frames.TEXT, b"40")
        return frames.masked(frames.TEXT, b"3") if payload == b"2" else b""


OURS = JSONEvents(hello=b'{"type":"hello"')
OURS_BINARY = PixelsV1(hello=b'{"type":"hello"')
PLAIN = JSONEvents()
PACKED = PixelsV1()
SOCKET_IO = SocketIO()
