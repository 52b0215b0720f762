"""The room of one canvas: its sockets on this pod, and what they have been sent."""

from collections.abc import Iterator, Sequence
from itertools import chain

from canvas import metrics
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.pod.outbox import Frames, Outbox
from canvas.pod.stream import Stream
from canvas.pod.text_gate import TextGate, Verdict
from canvas.protocol import events, frames
from canvas.protocol.events import pixel_updated

NOTHING = -1  # the seq of a socket that cannot go on without the board


class Socket:
    """One socket: its outbox, its wire format, and when it last fell behind (loop's clock)."""

    __slots__ = ("behind_at", "binary", "outbox")

    def __init__(self, outbox: Outbox, *, binary: bool) -> None:
        self.outbox = outbox
        self.binary = binary
        self.behind_at = float("-inf")


class Room:
    """The sockets of one canvas. `sockets` were sent what there is up to `sealed`.

    Those `ahead` have more, those `behind` get the stream's trail first, and those `paused` get no
    pixels; each with the seq that it has.
    """

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.sealed = stream.last
        self.sockets: set[Socket] = set()
        self.ahead: dict[Socket, int] = {}
        self.behind: dict[Socket, int] = {}
        self.paused: dict[Socket, int] = {}
        self.resynced: set[Socket] = set()  # to `sealed`, since what is up to there was taken
        self.gate = TextGate()
        self.notices: list[Frames] = []
        self.generation = 0  # counts the times that the past was thrown away

    def __iter__(self) -> Iterator[Socket]:
        groups = (self.sockets, self.ahead, self.behind, self.paused)
        return chain.from_iterable(map(tuple, groups))

    def __len__(self) -> int:
        return sum(map(len, (self.sockets, self.ahead, self.behind, self.paused)))

    def pause(self, socket: Socket) -> None:
        """Send no more pixels to a socket of this room."""
        if socket not in self.paused:
            missing = self.gate.holds and not socket.binary  # some that it will not get
            here = self.behind.pop(socket, NOTHING if missing else self.sealed)
            self.paused[socket] = self.ahead.pop(socket, here)
            self.sockets.discard(socket)

    def discard(self, socket: Socket) -> None:
        self.sockets.discard(socket)
        self.ahead.pop(socket, None)
        self.behind.pop(socket, None)
        self.paused.pop(socket, None)
        self.resynced.discard(socket)

    def resync(self, socket: Socket) -> None:
        """Have a socket go on after `sealed`, and forget what it had."""
        self.resynced.add(socket)
        if socket in self.paused:
            self.paused[socket] = self.sealed
            return
        ahead, behind = self.ahead.pop(socket, None), self.behind.pop(socket, None)
        if ahead is not None or behind is not None:
            self.sockets.add(socket)

    def without_resynced(self, sockets: Sequence[Socket]) -> Sequence[Socket]:
        """Leave out those that were told to fetch what was taken."""
        if not self.resynced:
            return sockets
        return [each for each in sockets if each not in self.resynced]

    def start_over(self, stream: Stream) -> None:
        """Throw the past away; all sockets continue after the newest seq of this stream."""
        self.stream = stream
        self.sealed = stream.last
        self.generation += 1
        self.gate = TextGate()
        self.sockets.update(self.ahead, self.behind)
        self.ahead.clear()
        self.behind.clear()
        self.paused = dict.fromkeys(self.paused, self.sealed)

    def take(self) -> list[Pixel] | None:
        """Return what is new since the last time; None when it is more than memory holds."""
        since, self.sealed = self.sealed, self.stream.last
        self.resynced.clear()
        return self.stream.between(since, self.sealed)

    def encode(
        self, pixels: Sequence[Pixel] | None, now: float
    ) -> tuple[Frames | None, Frames | None]:
        """Return what a tick is in binary and in text, None for nothing; `now` as the gate has it.

        Pixels that text sockets do not get now are made up for by a resync, soon.
        """
        if pixels is None:
            resync = resync_at(self.sealed)
            return resync, resync
        verdict = self.gate.judge(len(pixels), now)
        made_up = resync_at(self.sealed) if verdict is Verdict.RESYNC else None
        if not pixels:
            return None, made_up
        meta = self.stream.meta
        kinds = {socket.binary for socket in self.sockets}
        binary = encoded(meta, pixels, binary=True) if True in kinds else None
        if verdict is not Verdict.SEND:
            metrics.text_held.inc()
            return binary, made_up
        return binary, encoded(meta, pixels, binary=False) if False in kinds else None

    def take_notices(self) -> list[Frames]:
        notices, self.notices = self.notices, []
        return notices


def encoded(meta: CanvasMeta, pixels: Sequence[Pixel], *, binary: bool) -> Frames:
    """Return pixels in one of the wire formats."""
    if binary:
        return Frames.of_bytes(*map(frames.encode_pixels, frames.in_frames(pixels)))
    return Frames.of_events(*(pixel_updated(meta, pixel) for pixel in pixels))


def resync_at(seq: int) -> Frames:
    """Return the event that has a client fetch the board anew and go on after `seq`."""
    return Frames.of_events(events.resync(seq))
