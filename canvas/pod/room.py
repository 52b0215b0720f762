"""The room of one canvas: its sockets on this pod, and what they have been sent."""

from collections.abc import Sequence

from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.pod.outbox import Frames, Outbox
from canvas.pod.stream import Stream
from canvas.protocol import frames
from canvas.protocol.events import pixel_updated


class Socket:
    """One socket: its outbox, its wire format, and when it last fell behind (loop's clock)."""

    __slots__ = ("behind_at", "binary", "outbox")

    def __init__(self, outbox: Outbox, *, binary: bool) -> None:
        self.outbox = outbox
        self.binary = binary
        self.behind_at = float("-inf")


class Room:
    """The sockets of one canvas; all but those `ahead` were sent what there is up to `sealed`."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.sealed = stream.last
        self.sockets: set[Socket] = set()
        self.ahead: dict[Socket, int] = {}  # with the seq of each
        self.notices: list[Frames] = []
        self.generation = 0  # counts the times that the past was thrown away

    def take(self) -> list[Pixel] | None:
        """Return what is new since the last time; None when it is more than memory holds."""
        since, self.sealed = self.sealed, self.stream.last
        return self.stream.between(since, self.sealed)

    def take_notices(self) -> list[Frames]:
        notices, self.notices = self.notices, []
        return notices


class Encoding:
    """The pixels of one tick in each wire format, encoded when first asked for."""

    def __init__(self, meta: CanvasMeta, pixels: Sequence[Pixel]) -> None:
        self._meta = meta
        self._pixels = pixels
        self._frames: dict[bool, Frames] = {}

    def frames(self, binary: bool) -> Frames:
        if binary not in self._frames:
            self._frames[binary] = self._binary() if binary else self._text()
        return self._frames[binary]

    def _binary(self) -> Frames:
        return Frames.of_bytes(*map(frames.encode_pixels, frames.in_frames(self._pixels)))

    def _text(self) -> Frames:
        return Frames.of_events(*(pixel_updated(self._meta, pixel) for pixel in self._pixels))
