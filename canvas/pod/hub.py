"""The sockets of this pod, by canvas. The hub never waits for a socket."""

import asyncio
import logging
import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence

from canvas import metrics
from canvas.domain.pixel import Pixel
from canvas.pod.outbox import Frames
from canvas.pod.room import Encoding, Room, Socket
from canvas.pod.stream import Stream
from canvas.protocol import events
from canvas.protocol.close_codes import CloseCode
from canvas.protocol.events import Event

logger = logging.getLogger(__name__)

TICK = 0.02  # seconds between two fan-outs, at least
CALM_TICK = 0.05  # seconds it may grow to, to keep fan-out below a tenth of the time
MAX_TICK = 0.075  # seconds it may grow to, to keep fan-out below half of the time
SOCKETS_PER_TURN = 256  # sockets served before other tasks of the event loop run
OVERFLOW_WINDOW = 30.0  # seconds in which a socket may fall behind once
DRAIN_STEP = 0.1  # seconds between two groups of sockets that are sent elsewhere


class Hub:
    """Gathers what is new during a tick and hands every socket the same bytes."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}
        self._notices: dict[str, Frames] = {}  # the newest of each kind, for those who join
        self._lasting: dict[str, dict[str, Frames]] = {}  # in their place, by slug
        self._dirty = asyncio.Event()
        self._tick = TICK
        self._flushed_at = 0.0

    def __len__(self) -> int:
        return sum(len(room.sockets) + len(room.ahead) for room in self._rooms.values())

    def sockets(self) -> Iterator[Socket]:
        for room in self._rooms.values():
            yield from tuple(room.sockets)
            yield from tuple(room.ahead)

    # --- sockets

    def join(self, stream: Stream, socket: Socket, since: int) -> None:
        """Send what follows `since`, then the stream, without a hole and nothing twice."""
        room = self._room(stream)
        metrics.sockets.labels(stream.meta.slug).inc()
        for notice in self._notices_of(stream.meta.slug):
            socket.outbox.put(notice)
        if room.sealed < since <= stream.last:
            room.ahead[socket] = since
            self._dirty.set()
            return
        room.sockets.add(socket)
        if since != room.sealed:
            self._replay(room, socket, since)

    def leave(self, slug: str, socket: Socket) -> None:
        room = self._rooms[slug]
        room.sockets.discard(socket)
        room.ahead.pop(socket, None)
        socket.outbox.discard()
        metrics.sockets.labels(slug).dec()

    def send(self, slug: str, socket: Socket, frames: Frames) -> None:
        """Send frames to one socket alone, after those that already wait for it."""
        if not socket.outbox.put(frames):
            self._overflow(self._rooms[slug], socket)

    # --- news

    def advance(self) -> None:
        """Fan out at the next tick: a stream has grown."""
        self._dirty.set()

    def reset(self, stream: Stream) -> None:
        """Have all sockets of a room fetch the board anew: it has another past."""
        room = self._room(stream)
        room.stream = stream
        room.sealed = stream.last
        room.generation += 1
        room.sockets.update(room.ahead)
        room.ahead.clear()
        room.notices.append(_resync(room.sealed))
        self._dirty.set()

    def notify(self, slug: str, event: Event, *, lasting: bool = False) -> None:
        """Send an event to all sockets of one room, with the next tick.

        A lasting one also goes to those that join, until another one of its type follows.
        """
        frames, kind = Frames.of_events(event), event["type"]
        if lasting:
            self._lasting.setdefault(slug, {})[kind] = frames
        elif slug in self._lasting:
            self._lasting[slug].pop(kind, None)
        if slug in self._rooms:
            self._rooms[slug].notices.append(frames)
            self._dirty.set()

    def notify_all(self, event: Event) -> None:
        """Send an event to all sockets, and to those that join until a newer one of its type."""
        frames = self.remember(event)
        for room in self._rooms.values():
            room.notices.append(frames)
        self._dirty.set()

    def remember(self, event: Event) -> Frames:
        """Send an event to those who join until a newer one of its type, and to nobody else."""
        frames = self._notices[event["type"]] = Frames.of_events(event)
        return frames

    async def run(self) -> None:
        """Fan out at once after a quiet time, then at most once a tick."""
        loop = asyncio.get_running_loop()
        while True:
            await self._dirty.wait()
            await asyncio.sleep(max(0.0, self._flushed_at + self._tick - loop.time()))
            self._dirty.clear()
            started = loop.time()
            for room in tuple(self._rooms.values()):
                await self._serve(room)
            self._flushed_at = loop.time()
            spent = self._flushed_at - started
            metrics.fan_out_seconds.observe(spent)
            self._tick = _tick(spent)

    async def drain(self, seconds: float) -> None:
        """Send all sockets elsewhere, evenly over so many seconds, each after its last frames.

        A socket that joins meanwhile goes with the others. Ends as soon as none stays.
        """
        clock = asyncio.get_running_loop().time
        deadline = clock() + seconds
        while staying := [socket for socket in self.sockets() if not socket.outbox.closing]:
            left = max(0.0, deadline - clock())
            pause = max(DRAIN_STEP, left / len(staying))
            count = math.ceil(len(staying) * min(1.0, pause / left)) if left else len(staying)
            for socket in staying[:count]:
                socket.outbox.close(CloseCode.RESTARTING, "restarting", flush=True)
            metrics.drained.inc(count)
            if count < len(staying):
                await asyncio.sleep(pause)

    # --- the fan-out

    async def _serve(self, room: Room) -> None:
        """Flush one room. A fault costs its sockets a resync, and the other rooms nothing."""
        try:
            await self._flush(room)
        except Exception:
            logger.exception("the fan-out of %s failed", room.stream.meta.slug)
            metrics.room_faults.inc()
            self.reset(room.stream)

    async def _flush(self, room: Room) -> None:
        """Bring all sockets of a room to the newest seq of its stream."""
        notices, pixels, ahead = room.take_notices(), room.take(), dict(room.ahead)
        await self._fan_out(room, notices, pixels)
        self._align(room, notices, ahead)
        if pixels:
            metrics.lag_seconds.observe(max(0.0, time.time() - pixels[-1].timestamp / 1000))

    async def _fan_out(
        self, room: Room, notices: Sequence[Frames], pixels: Sequence[Pixel] | None
    ) -> None:
        """Hand notices and pixels to the sockets that have all before; without pixels a resync."""
        generation = room.generation
        encoding = Encoding(room.stream.meta, pixels or [])
        resync = pixels is None
        for served, socket in enumerate(tuple(room.sockets), start=1):
            for notice in notices:
                self._put(room, socket, notice)
            if resync:
                self._put(room, socket, _resync(room.sealed))
            elif pixels:
                self._put(room, socket, encoding.frames(socket.binary))
            if served % SOCKETS_PER_TURN == 0:
                await asyncio.sleep(0)
                if room.generation != generation:
                    pixels, resync = [], False  # of a past that is no more; a notice follows

    def _align(self, room: Room, notices: Sequence[Frames], ahead: Mapping[Socket, int]) -> None:
        """Take the sockets that were ahead of the room in, each from the seq that it had."""
        for socket, seq in ahead.items():
            if room.ahead.pop(socket, None) is None:
                continue  # it has left meanwhile
            for notice in notices:
                self._put(room, socket, notice)
            room.sockets.add(socket)
            self._replay(room, socket, seq)

    def _replay(self, room: Room, socket: Socket, since: int) -> None:
        pixels = room.stream.between(since, room.sealed) if since <= room.sealed else None
        if pixels is None:
            self._put(room, socket, _resync(room.sealed))
        elif pixels:
            encoding = Encoding(room.stream.meta, pixels)
            self._put(room, socket, encoding.frames(socket.binary))

    def _put(self, room: Room, socket: Socket, frames: Frames) -> None:
        if not socket.outbox.put(frames):
            self._overflow(room, socket)

    def _overflow(self, room: Room, socket: Socket) -> None:
        """Have a socket that fell behind fetch the board anew; close it the second time."""
        now = asyncio.get_running_loop().time()
        if now - socket.behind_at < OVERFLOW_WINDOW:
            metrics.overflows.labels("close").inc()
            socket.outbox.close(CloseCode.TOO_SLOW, "too slow")
            return
        metrics.overflows.labels("resync").inc()
        socket.behind_at = now
        socket.outbox.drop()
        for notice in (*self._notices_of(room.stream.meta.slug), _resync(room.sealed)):
            socket.outbox.put(notice)

    def _notices_of(self, slug: str) -> Iterable[Frames]:
        return (self._notices | self._lasting.get(slug, {})).values()

    def _room(self, stream: Stream) -> Room:
        slug = stream.meta.slug
        if slug not in self._rooms:
            self._rooms[slug] = Room(stream)
        return self._rooms[slug]


def _tick(spent: float) -> float:
    """Return the seconds between two fan-outs, after one that took `spent`.

    What a frame costs hardly depends on how much is in it, so a busy hub sends fewer and larger
    ones; but it never waits so long that plain JSON, where each pixel is a frame, could not catch
    up.
    """
    return max(TICK, min(10 * spent, CALM_TICK), min(spent, MAX_TICK))


def _resync(seq: int) -> Frames:
    return Frames.of_events(events.resync(seq))
