"""The sockets of one canvas on this pod, and what they have been sent."""

from collections.abc import Sequence

from canvas import protocol
from canvas.outbox import Frames, Outbox
from canvas.protocol import Pixel
from canvas.rules import CanvasMeta
from canvas.stream import Stream


class Socket:
    """One client: its outbox, its wire format, and when it last fell behind."""

    __slots__ = ("behind_at", "binary", "outbox")

    def __init__(self, outbox: Outbox, *, binary: bool) -> None:
        self.outbox = outbox
        self.binary = binary
        self.behind_at = float("-inf")


class Room:
    """The sockets of one canvas. `sealed` is the seq that all of them were sent up to."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.sealed = stream.last
        self.sockets: set[Socket] = set()
        self.late: dict[Socket, int] = {}  # those that know more than `sealed` already
        self.notices: list[Frames] = []
        self.generation = 0  # counts the times that the past was thrown away

    def take(self) -> list[Pixel] | None:
        """What is new since the last time; None when it is more than memory holds."""
        since, self.sealed = self.sealed, self.stream.last
        return self.stream.between(since, self.sealed)

    def take_notices(self) -> list[Frames]:
        notices, self.notices = self.notices, []
        return notices


class Encoding:
    """One tick's pixels in each wire format, encoded when first asked for."""

    def __init__(self, meta: CanvasMeta, pixels: Sequence[Pixel]) -> None:
        self._meta = meta
        self._pixels = pixels
        self._frames: dict[bool, Frames] = {}

    def frames(self, binary: bool) -> Frames:
        if binary not in self._frames:
            self._frames[binary] = self._binary() if binary else self._text()
        return self._frames[binary]

    def _binary(self) -> Frames:
        return Frames.of_bytes(*map(protocol.encode_pixels, protocol.in_frames(self._pixels)))

    def _text(self) -> Frames:
        events = (protocol.pixel_event(self._meta, pixel) for pixel in self._pixels)
        return Frames.of_text(*map(protocol.encode, events))
