"""The sockets of this pod, by canvas. The hub never waits for a socket."""

import asyncio
import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from canvas import metrics
from canvas.domain.pixel import Pixel
from canvas.pod.notices import Notices
from canvas.pod.outbox import Frames
from canvas.pod.room import Room, Socket, encoded, resync_at
from canvas.pod.stream import Stream
from canvas.pod.text_gate import CALM, MAX_TEXT
from canvas.pod.tick import Tick
from canvas.protocol.close_codes import CloseCode
from canvas.protocol.events import Event

logger = logging.getLogger(__name__)

SOCKETS_PER_TURN = 256  # sockets served before other tasks of the event loop run
TRAIL_PAUSE = 0.05  # seconds until sockets behind are sent the next of the trail
OVERFLOW_WINDOW = 30.0  # seconds in which a socket may fall behind once


class Hub:
    """Gathers what is new during a tick and hands every socket the same bytes."""

    def __init__(self) -> None:
        self._rooms: dict[str, Room] = {}
        self._notices = Notices()
        self._dirty = asyncio.Event()
        self._tick = Tick()

    def __len__(self) -> int:
        return sum(map(len, self._rooms.values()))

    def sockets(self) -> Iterator[Socket]:
        for room in self._rooms.values():
            yield from room

    # --- sockets

    def join(self, stream: Stream, socket: Socket, since: int) -> None:
        """Send what follows `since`, then the stream, without a hole and nothing twice."""
        room = self._room(stream)
        metrics.sockets.labels(stream.meta.slug).inc()
        for notice in self._notices.of(stream.meta.slug):
            socket.outbox.put(notice)
        self._enter(room, socket, since)

    def _enter(self, room: Room, socket: Socket, since: int) -> None:
        if room.sealed < since <= room.stream.last:
            room.ahead[socket] = since
            self._dirty.set()
            return
        if socket.binary and room.stream.trails(since):
            room.behind[socket] = since
            self._dirty.set()
            return
        room.sockets.add(socket)
        if since != room.sealed:
            self._replay(room, socket, since)

    def pause(self, slug: str, socket: Socket) -> None:
        """Send a socket no pixels until `resume`: nobody looks. Notices it still gets."""
        self._rooms[slug].pause(socket)

    def resume(self, slug: str, socket: Socket) -> None:
        """Send a socket the pixels that it has missed, or a resync, then the stream."""
        room = self._rooms[slug]
        since = room.paused.pop(socket, None)
        if since is not None:
            self._enter(room, socket, since)

    def leave(self, slug: str, socket: Socket) -> None:
        self._rooms[slug].discard(socket)
        socket.outbox.discard()
        metrics.sockets.labels(slug).dec()

    def send(self, slug: str, socket: Socket, frames: Frames) -> None:
        """Send an answer to one socket alone, after the frames that already wait for it."""
        answer = frames.as_answer()
        if not socket.outbox.put(answer):
            self._overflow(self._rooms[slug], socket)
            if not socket.outbox.put(answer):
                self._close_slow(socket)

    def forget(self, slug: str) -> None:
        """Drop the room of a canvas whose board leaves memory; no socket is in it."""
        self._rooms.pop(slug, None)

    # --- news

    def advance(self) -> None:
        """Fan out at the next tick: a stream has grown."""
        self._dirty.set()

    def reset(self, stream: Stream) -> None:
        """Have all sockets of a room fetch the board anew: it has another past."""
        room = self._room(stream)
        room.start_over(stream)
        room.notices.append(resync_at(room.sealed))
        self._dirty.set()

    def notify(self, slug: str, event: Event, *, lasting: bool = False) -> None:
        """Send an event to all sockets of one room, with the next tick.

        A lasting one also goes to those that join, until another one of its type follows.
        """
        frames = Frames.of_events(event)
        if lasting:
            self._notices.keep(slug, event["type"], frames)
        else:
            self._notices.drop(slug, event["type"])
        if slug in self._rooms:
            self._rooms[slug].notices.append(frames)
            self._dirty.set()

    def notify_all(self, event: Event) -> None:
        """Send an event to all sockets, and to those that join until a newer one of its type."""
        frames = self._notices.remember(event)
        for room in self._rooms.values():
            room.notices.append(frames)
        self._dirty.set()

    def remember(self, event: Event) -> None:
        """Send an event to those who join until a newer one of its type, and to nobody else."""
        self._notices.remember(event)

    async def run(self) -> None:
        """Fan out at once after a quiet time, then at most once a tick."""
        while True:
            await self._dirty.wait()
            await self._tick.rest()
            self._dirty.clear()
            with self._tick:
                for room in tuple(self._rooms.values()):
                    await self._serve(room)
                await asyncio.sleep(0)  # in which the event loop hands the kernel what was written

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
        await self._lead(room)
        if pixels:
            metrics.lag_seconds.observe(max(0.0, time.time() - pixels[-1].timestamp / 1000))

    async def _fan_out(
        self, room: Room, notices: Sequence[Frames], pixels: Sequence[Pixel] | None
    ) -> None:
        """Hand notices and pixels to the sockets that have all before; without pixels a resync.

        Those behind and paused ones get the notices alone.
        """
        generation = room.generation
        loop = asyncio.get_running_loop()
        binary, text = room.encode(pixels, loop.time())
        if room.gate.holds:
            loop.call_later(CALM, self._dirty.set)
        looking = tuple(room.sockets) if notices or binary or text else ()
        others = (*room.behind, *room.paused) if notices else ()
        for start in range(0, max(len(looking), len(others)), SOCKETS_PER_TURN):
            if start:
                await asyncio.sleep(0)
                if room.generation != generation:
                    binary = text = None  # of a past that is no more; a notice follows
            turn = slice(start, start + SOCKETS_PER_TURN)
            for notice in notices:
                for socket in chain(looking[turn], others[turn]):
                    self._put(room, socket, notice)
            self._put_pixels(room, room.without_resynced(looking[turn]), binary, text)

    def _put_pixels(
        self, room: Room, sockets: Iterable[Socket], binary: Frames | None, text: Frames | None
    ) -> None:
        for socket in sockets:
            if (frames := binary if socket.binary else text) is None:
                continue
            if (write := socket.outbox.direct) is not None:  # what is done most often of all
                write(frames.data)
            else:
                self._put(room, socket, frames)

    def _align(self, room: Room, notices: Sequence[Frames], ahead: Mapping[Socket, int]) -> None:
        """Take the sockets that were ahead of the room in, each from the seq that it had."""
        for socket, seq in ahead.items():
            if room.ahead.pop(socket, None) is None:
                continue  # it has left meanwhile
            room.sockets.add(socket)
            for notice in notices:
                self._put(room, socket, notice)
            if socket not in room.resynced:
                self._replay(room, socket, seq)

    async def _lead(self, room: Room) -> None:
        """Send the sockets behind as much of the trail as each takes now, up to the memory."""
        for socket in tuple(room.behind):
            await asyncio.sleep(0)
            while (since := room.behind.get(socket)) is not None:
                if not room.stream.trails(since) or socket.outbox.waiting:
                    break
                frame, room.behind[socket] = room.stream.trail.frame_after(since)
                self._put(room, socket, Frames.of_bytes(frame))
            since = room.behind.pop(socket, None)
            if since is not None:  # else it has left meanwhile, or starts over
                self._enter(room, socket, since)
        if room.behind:
            asyncio.get_running_loop().call_later(TRAIL_PAUSE, self._dirty.set)

    def _replay(self, room: Room, socket: Socket, since: int) -> None:
        pixels = room.stream.between(since, room.sealed) if since <= room.sealed else None
        if pixels is None or len(pixels) > MAX_TEXT and not socket.binary:
            self._put(room, socket, resync_at(room.sealed))
        elif pixels:
            self._put(room, socket, encoded(room.stream.meta, pixels, binary=socket.binary))

    def _put(self, room: Room, socket: Socket, frames: Frames) -> None:
        if not socket.outbox.put(frames):
            self._overflow(room, socket)

    def _overflow(self, room: Room, socket: Socket) -> None:
        """Have a socket that fell behind fetch the board anew; close it the second time.

        Its answers still wait for it; where they leave no room for that, it is closed as well.
        """
        now = asyncio.get_running_loop().time()
        if now - socket.behind_at < OVERFLOW_WINDOW:
            self._close_slow(socket)
            return
        metrics.overflows.labels("resync").inc()
        socket.behind_at = now
        socket.outbox.drop()
        room.resync(socket)
        notices = (*self._notices.of(room.stream.meta.slug), resync_at(room.sealed))
        if not all(map(socket.outbox.put, notices)):
            self._close_slow(socket)

    def _close_slow(self, socket: Socket) -> None:
        metrics.overflows.labels("close").inc()
        socket.outbox.close(CloseCode.TOO_SLOW, "too slow")

    def _room(self, stream: Stream) -> Room:
        slug = stream.meta.slug
        if slug not in self._rooms:
            self._rooms[slug] = Room(stream)
        return self._rooms[slug]
