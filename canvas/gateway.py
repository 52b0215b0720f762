"""One pod: its hub, relay, writer, bus and presence, wired together on one event loop."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from accounts.headcount import Headcount
from accounts.limits import Limiter
from accounts.signals import expelled
from canvas import metrics, protocol, signals
from canvas.bus import Bus, Layer
from canvas.census import Census
from canvas.copies import Copies
from canvas.guard import Guard
from canvas.hub import Hub
from canvas.keeper import Keeper
from canvas.protocol import EXPULSIONS, PIXEL_CHANNEL, USER_CHANNEL, Pixel
from canvas.quota import Quota
from canvas.reception import Reception
from canvas.relay import Relay
from canvas.rules import CanvasMeta
from canvas.tasks import end, keep
from canvas.writer import Writer
from presence.leases import Leases
from presence.services import Presence

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

ANSWER_TIMEOUT = 30.0  # seconds that an HTTP request waits for this pod


class Gateway:
    """Everything that a pod keeps in memory. Made and used on one event loop."""

    def __init__(
        self,
        pod_id: str,
        layer: Layer,
        leases: Leases,
        limiter: Limiter | None = None,
        headcount: Headcount | None = None,
    ) -> None:
        self.pod_id = pod_id
        self.draining = False
        self.hub = Hub()
        self.guard = Guard()
        self.reception = Reception()
        self.relay = Relay(self.hub)
        self.copies = Copies(self.relay)
        self.limiter = limiter or Limiter()
        self.headcount = headcount or Headcount()
        self.writer = Writer(Quota(self.limiter, self._meta_of).refuse)
        self.bus = Bus(layer, self._receive, self.relay.distrust, self._on_ready, self._on_missed)
        self.presence = Presence(
            pod_id, leases, self._publish_user, self.hub.notify_all, self._tell_status
        )
        self._keeper = Keeper(self.relay)
        self._census = Census(self.hub, self.presence, lambda: self.degraded)
        self._told_degraded = False
        self._loop = asyncio.get_running_loop()
        self._tasks: list[asyncio.Task[None]] = []
        self._presence_tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        signals.committed.connect(self._on_committed)
        signals.changed.connect(self._on_changed)
        expelled.connect(self._on_expelled)
        await self.guard.start()
        bus, presence = self.bus, self.presence
        parts = (
            self.hub.run,
            self.relay.run,
            self.guard.run,
            self.headcount.run,
            self._keeper.run,
            self._census.run,
            bus.read,
            bus.write,
        )
        self._tasks = [keep(run) for run in parts]
        self._presence_tasks = [
            keep(run) for run in (presence.keep_lease, presence.keep_told, presence.discover)
        ]

    async def drain(self, seconds: float) -> None:
        """Take no more sockets, and send those that are here elsewhere over so many seconds."""
        self.draining = True
        logger.info("draining %d sockets over %g s", len(self.hub), seconds)
        await self.hub.drain(seconds)

    async def stop(self) -> None:
        """Answer what was accepted, say goodbye, and stop."""
        await self.writer.flush()
        await end(*self._presence_tasks)  # first, or they would write the lease once more
        await self.presence.release()
        await self.bus.flush()
        signals.committed.disconnect(self._on_committed)
        signals.changed.disconnect(self._on_changed)
        expelled.disconnect(self._on_expelled)
        await end(*self._tasks)

    async def _meta_of(self, slug: str) -> CanvasMeta:
        return (await self.relay.stream(slug)).meta

    @property
    def admits(self) -> bool:
        """Whether a new socket may come in now."""
        return self.guard.watches and not self.draining

    @property
    def degraded(self) -> bool:
        """Whether other pods' pixels come later, or their people are not known."""
        return not (self.bus.ready and self.presence.whole)

    def wait(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine of this pod from another thread, and wait for it there."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(ANSWER_TIMEOUT)

    # --- from the services, in whatever thread committed

    def _on_committed(self, *, meta: CanvasMeta, pixels: Sequence[Pixel], **_: object) -> None:
        self._loop.call_soon_threadsafe(self._commit, meta, pixels)

    def _on_changed(self, *, slug: str, **_: object) -> None:
        self._loop.call_soon_threadsafe(self._change, slug)

    def _on_expelled(self, *, message: Mapping[str, Any], **_: object) -> None:
        self._loop.call_soon_threadsafe(self._expel, message)

    def _commit(self, meta: CanvasMeta, pixels: Sequence[Pixel]) -> None:
        """Our own sockets first: they see the pixel whether or not the bus works."""
        metrics.placements.labels(meta.slug).inc(len(pixels))
        self.relay.commit(meta, pixels)
        self.bus.publish(PIXEL_CHANNEL, protocol.announcements(meta, pixels))

    def _change(self, slug: str) -> None:
        self.relay.look()
        self.bus.publish(PIXEL_CHANNEL, [{"type": "canvas_changed", "canvas": slug}])

    def _expel(self, message: Mapping[str, Any]) -> None:
        self.guard.look()
        self.bus.publish(USER_CHANNEL, [message])

    # --- to and from the other pods

    def _receive(self, message: Mapping[str, Any]) -> None:
        kind = message.get("type")
        if kind in EXPULSIONS:
            self.guard.look()
        elif kind != "user_update":
            self.relay.receive(message)
        elif isinstance(pod_id := message.get("podId"), str):
            self.presence.heard(pod_id)

    def _publish_user(self, event: Mapping[str, Any]) -> None:
        self.bus.publish(USER_CHANNEL, [event])

    def _on_ready(self, ready: bool) -> None:
        self._tell_status()
        if ready:
            self._on_missed()

    def _tell_status(self) -> None:
        if self.degraded != self._told_degraded:
            self._told_degraded = self.degraded
            self.hub.notify_all({"type": "status", "degraded": self.degraded})

    def _on_missed(self) -> None:
        self.relay.look()
        self.presence.recover()


_current: Gateway | None = None


def install(gateway: Gateway | None) -> None:
    """Make this the gateway of the process."""
    global _current
    _current = gateway


def current() -> Gateway | None:
    """The gateway of the process, if it serves people."""
    return _current
