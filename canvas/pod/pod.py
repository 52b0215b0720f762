"""One pod: its hub, relay, writer, broker and presence, wired together on one event loop."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from accounts.limits import Limiter
from accounts.models import Expulsion
from accounts.names import GUEST
from accounts.signals import expelled
from accounts.socket_counts import SocketCounts
from canvas import metrics, signals
from canvas.domain.errors import Unavailable
from canvas.domain.pixel import Pixel
from canvas.domain.rules import CanvasMeta
from canvas.pod.arrivals import Arrivals
from canvas.pod.audience import Audience, SharedAudience
from canvas.pod.board_cache import BoardCache
from canvas.pod.broker import Broker, Layer
from canvas.pod.drain import drain
from canvas.pod.forgetter import Forgetter
from canvas.pod.gauges import PodGauges
from canvas.pod.hub import Hub
from canvas.pod.listeners import Listeners
from canvas.pod.people_feed import PeopleFeed
from canvas.pod.proofs import Proofs
from canvas.pod.pruner import Pruner
from canvas.pod.quota import Quota
from canvas.pod.relay import Relay
from canvas.pod.revocations import Revocations
from canvas.pod.sealer import Sealer
from canvas.pod.tip_cache import CopyStore, TipCache
from canvas.pod.writer import Writer
from canvas.pod.writer_health import WriterHealth
from canvas.protocol import announcements, events
from canvas.protocol.announcement_parser import (
    CANVAS_KINDS,
    Expelled,
    OtherSite,
    PeopleChanged,
    parse_user_message,
)
from canvas.protocol.announcements import PIXEL_CHANNEL, USER_CHANNEL
from canvas.protocol.events import UserList
from presence.leases import Leases
from presence.service import Presence
from runtime.bulkhead import await_without_turn
from runtime.process_var import ProcessVar
from runtime.tasks import end, supervise
from runtime.threads import give_back_connection

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

ANSWER_TIMEOUT = 30.0  # seconds that an HTTP request waits for this pod


class Pod:
    """Everything that a pod keeps in memory. Made and used on one event loop."""

    def __init__(
        self,
        pod_id: str,
        layer: Layer,
        leases: Leases,
        limiter: Limiter | None = None,
        socket_counts: SocketCounts | None = None,
        copies: CopyStore | None = None,
        shared_audience: SharedAudience | None = None,
    ) -> None:
        self.pod_id = pod_id
        self.draining = False
        self.hub = Hub()
        self.listeners = Listeners()
        self.arrivals = Arrivals()
        tip_cache = TipCache(copies)
        self.relay = Relay(self.hub, self._tell_damage, tip_cache)
        self.revocations = Revocations(self.relay.read_names)
        self.board_cache = BoardCache(self.relay)
        self.relay.on_discard = self.board_cache.forget
        self.limiter = limiter or Limiter()
        self.socket_counts = socket_counts or SocketCounts()
        self.writer_health = WriterHealth()
        quota = Quota(self.limiter, self.relay.meta)
        self.writer = Writer(
            quota.refuse, self.relay.require_whole, self.writer_health, self.relay.seen
        )
        self.broker = Broker(
            layer, self._receive, self.relay.distrust, self._on_ready, self._on_missed
        )
        self._loop = asyncio.get_running_loop()
        self._people_feed = PeopleFeed(self.hub, self._loop)
        self.presence = Presence(
            pod_id, leases, self._announce_people, self._people_feed.tell, self._tell_status, GUEST
        )
        self._sealer = Sealer(self.relay, tip_cache)
        self.audience = Audience(self.presence.others, shared_audience)
        self._proofs = Proofs(self.relay)
        self._gauges = PodGauges(self.hub, self.presence, self.writer, lambda: self.degraded)
        self._told_degraded = False
        self._tasks: list[asyncio.Task[None]] = []
        self._presence_tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        signals.committed.connect(self._on_committed)
        signals.changed.connect(self._on_changed)
        expelled.connect(self._on_expelled)
        await self.revocations.start()
        await self.writer_health.probe()
        parts = (
            self.hub.run,
            self.relay.run,
            self.revocations.run,
            self.socket_counts.run,
            self._sealer.run,
            Pruner().run,
            Forgetter().run,
            self._proofs.run,
            self._gauges.run,
            self.writer_health.run,
            self.audience.run,
            self.broker.read,
            self.broker.write,
        )
        self._tasks = [supervise(run) for run in parts]
        here = self.presence
        of_people = here.renew_lease, here.broadcast_changes, here.discover
        self._presence_tasks = list(map(supervise, of_people))

    async def drain(self, seconds: float) -> None:
        """Take no more sockets, and send those that are here elsewhere over so many seconds."""
        self.draining = True
        logger.info("draining %d sockets over %g s", len(self.hub), seconds)
        await drain(self.hub, seconds)

    async def stop(self) -> None:
        """Answer what was accepted, release the lease, and stop."""
        await self.writer.flush()
        await end(*self._presence_tasks)  # first, or they would write the lease once more
        self._people_feed.stop()
        await self.presence.release()
        await self.broker.flush()
        signals.committed.disconnect(self._on_committed)
        signals.changed.disconnect(self._on_changed)
        expelled.disconnect(self._on_expelled)
        await end(*self._tasks)
        await self.audience.release()

    @property
    def admits(self) -> bool:
        """Tell whether a new socket may come in now."""
        return self.revocations.watches and not self.draining

    @property
    def degraded(self) -> bool:
        """Tell whether other pods' pixels come late, or their people are not known."""
        return not (self.broker.ready and self.presence.is_complete)

    def list_people(self, offset: int) -> UserList:
        """List the people of all pods, from a place in the alphabet on."""
        return self._people_feed.list_from(offset, self.presence.names)

    def wait(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine of this pod from a request's thread, and wait for it there.

        Meanwhile the request holds no connection to the database, which the coroutine may need,
        and no place at work. Raise Unavailable when it takes longer than ANSWER_TIMEOUT; it is
        cancelled then, so that a placement which still waits is not made later.
        """
        give_back_connection()
        future = asyncio.run_coroutine_threadsafe(await_without_turn(coroutine), self._loop)
        try:
            return future.result(ANSWER_TIMEOUT)
        except TimeoutError:
            future.cancel()
            raise Unavailable from None

    # --- from the services, in the thread that committed

    def _on_committed(
        self, *, meta: CanvasMeta, pixels: Sequence[Pixel], after: int | None = None, **_: object
    ) -> None:
        self._loop.call_soon_threadsafe(self._commit, meta, pixels, after)

    def _on_changed(self, *, meta: CanvasMeta, seq: int, **_: object) -> None:
        self._loop.call_soon_threadsafe(self._change, meta, seq)

    def _on_expelled(self, *, kind: str, key: str, **_: object) -> None:
        self._loop.call_soon_threadsafe(self._expel, kind, key)

    def _commit(self, meta: CanvasMeta, pixels: Sequence[Pixel], after: int | None) -> None:
        """Serve our own sockets first: they see the pixel whether or not the broker works."""
        metrics.placements.labels(meta.slug).inc(len(pixels))
        self.relay.commit(meta, pixels, after)
        self.broker.publish(PIXEL_CHANNEL, announcements.committed(meta, pixels, after))

    def _change(self, meta: CanvasMeta, seq: int) -> None:
        self.relay.look()
        self.broker.publish(PIXEL_CHANNEL, [announcements.rules_changed(meta, seq)])

    def _expel(self, kind: str, key: str) -> None:
        self.revocations.look()
        hint = announcements.expelled(key, banned=kind == Expulsion.BANNED)
        self.broker.publish(USER_CHANNEL, [hint])

    # --- to and from the other pods

    def _receive(self, message: Mapping[str, Any]) -> None:
        try:
            if message.get("type") in CANVAS_KINDS:  # most of them by far
                self.relay.receive(message)
            elif not self.listeners.hear(message):
                self._take(message)
        except OtherSite:
            metrics.other_sites.inc()
        except ValueError:
            self.relay.distrust()

    def _take(self, message: Mapping[str, Any]) -> None:
        match parse_user_message(message):
            case PeopleChanged(pod_id):
                self.presence.lease_changed(pod_id)
            case Expelled():
                self.revocations.look()
            case None:
                self.relay.distrust()

    def _announce_people(self) -> None:
        self.broker.publish(USER_CHANNEL, [announcements.user_update(self.pod_id)])

    def _on_ready(self, ready: bool) -> None:
        self._tell_status()
        if ready:
            self._on_missed()

    def _tell_status(self) -> None:
        if self.degraded != self._told_degraded:
            self._told_degraded = self.degraded
            self.hub.notify_all(events.status(degraded=self.degraded))
            for slug in self.relay.damaged:
                self._tell_damage(slug)

    def _tell_damage(self, slug: str) -> None:
        """Tell the sockets of a canvas that its ledger is damaged, or whole again."""
        damaged = slug in self.relay.damaged
        status = events.status(degraded=self._told_degraded, damaged=damaged)
        self.hub.notify(slug, status, lasting=damaged)

    def _on_missed(self) -> None:
        self.relay.look()
        self.presence.recover()


current_pod: ProcessVar[Pod | None] = ProcessVar(None)  # None where no pod serves people
