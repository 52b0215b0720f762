"""The relay: the ordered streams of this pod, fed by its own commits, other pods and the ledger."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import Error as DatabaseError

from canvas import metrics
from canvas.domain.pixel import Pixel, Seen
from canvas.domain.rules import CanvasMeta, Draw
from canvas.ledger import reads
from canvas.pod.catch_up import GAP_TIMEOUT, CatchUp
from canvas.pod.damaged_canvases import DamagedCanvases
from canvas.pod.hub import Hub
from canvas.pod.ledger_check import LedgerCheck
from canvas.pod.stream import MEMORY, Outcome, Stream
from canvas.pod.streams import Streams
from canvas.pod.tip_cache import TipCache
from canvas.protocol import events
from canvas.protocol.announcement_parser import (
    Advanced,
    Announcement,
    OtherSite,
    Updated,
    UpdatedTogether,
    doubt,
    parse_pixel_message,
)
from runtime.tasks import spawn_detached
from runtime.threads import in_database
from runtime.waiting import Wakeup

logger = logging.getLogger(__name__)

CHECK_INTERVAL = 1.0  # seconds between two looks at what the ledger has


class Relay:
    """Feeds the streams, and repairs them from the ledger.

    A lost message costs GAP_TIMEOUT where a later one shows the gap, CHECK_INTERVAL where none
    does.
    """

    def __init__(
        self,
        hub: Hub,
        on_damage: Callable[[str], None] = lambda slug: None,
        tip_cache: TipCache | None = None,
    ) -> None:
        """`on_damage` is called with the slug of a canvas whose ledger is found damaged, or whole
        again.
        """
        self._hub = hub
        self.damaged = DamagedCanvases(on_damage)
        self._streams = Streams(self.damaged, tip_cache or TipCache())
        self._catch_up = CatchUp(hub, self.damaged, self.look, self._suspect)
        self._ledger = LedgerCheck(self._streams, self.damaged, self._catch_up, self._serve_anew)
        self.on_discard: Callable[[str], None] = lambda slug: None  # with its slug
        self._applied = 0  # placements since the last look, in order: a metric is slow
        self._others: Counter[Outcome] = Counter()  # those offered one by one
        self._wakeup = Wakeup(GAP_TIMEOUT, CHECK_INTERVAL)

    async def stream(self, slug: str) -> Stream:
        """Return the stream of a canvas; raise UnknownCanvas, Busy, or DatabaseError."""
        return await self._streams.get_or_load(slug)

    async def meta(self, slug: str) -> CanvasMeta:
        return (await self.stream(slug)).meta

    async def require_whole(self, slug: str) -> None:
        """Raise Damaged for a canvas that this pod has found so; UnknownCanvas, DatabaseError."""
        await self.stream(slug)
        self.damaged.refuse(slug)

    def hold(self, slug: str) -> None:
        """Keep the stream of a canvas in memory until it is let go."""
        self._streams.hold(slug)

    def let_go(self, slug: str) -> None:
        self._streams.let_go(slug)

    def current(self, slug: str) -> Stream:
        """Return the stream of a canvas that this pod serves, as it is now."""
        return self._streams[slug]

    def known(self, slug: str) -> CanvasMeta | None:
        """Return the rules of a canvas that this pod serves; None for another. From any thread."""
        stream = self._streams.get(slug)
        return stream.meta if stream is not None else None

    def seen(self, slug: str, draw: Draw) -> Seen:
        """Look at the cell of a draw, on the board that this pod serves, where it is whole."""
        stream = self._streams.get(slug)
        if stream is None or slug in self.damaged:
            return Seen(None, has_asked_color=False)
        return stream.seen(draw)

    def streams(self) -> list[Stream]:
        """Return the streams that this pod serves."""
        return list(self._streams.values())

    async def run(self) -> None:
        """Compare with the ledger every CHECK_INTERVAL, and sooner after a message that made no
        sense.
        """
        while True:
            await self._wakeup.wait()
            self._count_offered()
            try:
                await self.check()
            except DatabaseError:
                logger.exception("the ledger could not be compared")
            self.unload_idle()

    def unload_idle(self) -> None:
        """Let the boards go that nobody uses. A damaged one stays until it is whole again."""
        for slug in self._streams.idle():
            if not self._ledger.needs(slug):
                self._streams.unload(slug)
                self._ledger.forget(slug)
                self._hub.forget(slug)
                self.on_discard(slug)
        metrics.board_bytes.set(self._streams.size())

    # --- what comes in

    def commit(self, meta: CanvasMeta, pixels: Sequence[Pixel], after: int | None = None) -> None:
        """Take a commit of this pod: its sockets see it even with the broker down.

        `after` is the time of the placement before it in the ledger, in ms since 1970.
        """
        stream = self._streams.get(meta.slug)
        if stream is None:
            return
        if meta.epoch != stream.meta.epoch:
            self.look()
            return
        self._catch_up.set_rules(stream, meta)  # a colour may be added and used at once
        self._offer(stream, pixels, after)

    def receive(self, message: Mapping[str, Any]) -> None:
        """Take a message of another pod, or our own coming back."""
        try:
            announcement = parse_pixel_message(message)
            if stream := self._streams.get(announcement.slug):
                self._believe(stream, announcement)
        except OtherSite:
            metrics.other_sites.inc()
        except ValueError:
            self.distrust()

    def _believe(self, stream: Stream, announcement: Announcement) -> None:
        """Do what a message says; raise ValueError where it cannot be true.

        A message that is not proven, or speaks of other rules, only hurries the next look.
        """
        reason = doubt(announcement, stream.meta)
        if reason is not None:
            metrics.hints.labels(reason).inc()
            self.look()
        elif isinstance(announcement, Updated):
            self._offer(stream, [announcement.pixel(stream.meta)], announcement.after)
        elif isinstance(announcement, UpdatedTogether):
            self._offer(stream, announcement.pixels(stream.meta), announcement.after)
        elif isinstance(announcement, Advanced):
            self._advance(stream, announcement.seq)

    def distrust(self) -> None:
        """Count a message that made no sense, and look into the ledger for what it meant."""
        metrics.distrusted.inc()
        self.look()

    def disprove(self, stream: Stream, seq: int) -> None:
        """Have a board read anew that was another one at a seq than what has been sealed."""
        self._ledger.disprove(stream, seq)

    def look(self) -> None:
        """Compare with the ledger now rather than at the next interval."""
        self._wakeup.wake()

    def _offer(self, stream: Stream, pixels: Sequence[Pixel], after: object) -> None:
        if pixels and stream.at_another_time(pixels[0].seq - 1, after):
            self._ledger.doubt(stream.meta.slug, pixels[0].seq - 1)
            self.look()
        if stream.extend(pixels):
            self._applied += len(pixels)
            self._hub.advance()
            return
        for pixel in pixels:
            outcome = stream.offer(pixel)
            self._others[outcome] += 1
            if outcome is Outcome.CONFLICT:
                self._suspect(stream.meta.slug)
        if stream.has_gap:
            self._catch_up.expect(stream, pixels[-1].seq, "gap")
        self._hub.advance()

    def _suspect(self, slug: str) -> None:
        """Have a board read anew at the next look."""
        self._ledger.suspect(slug)
        self.look()

    def _count_offered(self) -> None:
        self._others[Outcome.APPLIED] += self._applied
        for outcome, count in self._others.items():
            metrics.relayed.labels(outcome).inc(count)
        self._applied = 0
        self._others.clear()

    def _advance(self, stream: Stream, seq: int) -> None:
        if stream.last < seq:
            self._catch_up.gather(stream)

    # --- what the ledger says

    def read_names(self) -> None:
        """Read the names on all remembered placements anew: an account was deleted."""
        for stream in self._streams.values():
            spawn_detached(self._read_names(stream))

    async def _read_names(self, stream: Stream) -> None:
        since = max(0, stream.last - MEMORY)
        try:
            stream.rename(await in_database(reads.pixels_after, stream.meta, since, MEMORY))
        except DatabaseError:
            logger.exception("the names on %s could not be read", stream.meta.slug)
            self._suspect(stream.meta.slug)  # a board that is read anew has them right

    async def catch_up(self, stream: Stream) -> None:
        """Read all that the ledger has now."""
        await self._catch_up.finish(stream)

    async def check(self) -> None:
        """Find what no message told of: lost placements, other rules, another past."""
        await self._ledger.look()

    def _serve_anew(self, stream: Stream) -> None:
        """Have the sockets of a canvas start over: its board was read anew."""
        slug = stream.meta.slug
        self.on_discard(slug)
        self._hub.notify(slug, events.canvas_changed(stream.meta, stream.last))
        self._hub.reset(stream)
