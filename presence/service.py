"""Presence over all pods: this pod renews its lease, reads the others' and broadcasts changes."""

import asyncio
import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from presence.leases import Leases, Unreachable
from presence.roster import Lease, People, Roster, people
from runtime.waiting import wait_for_event

logger = logging.getLogger(__name__)

DEBOUNCE = 0.5  # seconds between two writes, and between two broadcasts, of one pod
HEARTBEAT_INTERVAL = 20.0  # seconds between two writes without a change; a lease lasts 60
RETRY_INTERVAL = 2.0  # seconds until a write or a search that failed is tried again
SWEEP_INTERVAL = 3.0  # seconds between two reads of all leases, announced changes or none
DISCOVERY_INTERVAL = 60.0  # seconds between two searches for pods that announced nothing


class Presence:
    """The people of this pod, and of all pods.

    `announce` tells the other pods that this pod's lease has changed. `broadcast` sends the
    people of all pods to this pod's sockets. `on_attempt` is called after each use of the
    leases, when `is_complete` may have changed. None of the three may block. A name that begins
    with the placeholder stands for one that the person has not chosen yet.

    People are known by their ids. These stand in Redis, so they must not tell who a person is.
    """

    def __init__(
        self,
        pod_id: str,
        leases: Leases,
        announce: Callable[[], None],
        broadcast: Callable[[People], None],
        on_attempt: Callable[[], None],
        placeholder: str,
    ) -> None:
        self._pod_id = pod_id
        self._leases = leases
        self._announce = announce
        self._broadcast = broadcast
        self._on_attempt = on_attempt
        self._placeholder = placeholder
        self._roster = Roster(placeholder)
        self._others: dict[str, Lease] = {}
        self._to_read: set[str] = set()  # ids of pods
        self._changed = asyncio.Event()  # this pod's people
        self._stale = asyncio.Event()  # the people of all pods
        self._search = asyncio.Event()
        self._last_broadcast: People | None = None
        self._failing: set[str] = set()  # kinds of use of the leases: write, read, search

    @property
    def is_complete(self) -> bool:
        """Tell whether this pod knows the people of all pods, and the others know its own."""
        return not self._failing

    def enter(self, person: str, name: str) -> None:
        self._roster.enter(person, name)
        self._changed.set()

    def leave(self, person: str) -> None:
        self._roster.leave(person)
        self._changed.set()

    def rename(self, person: str, name: str) -> None:
        """List one who is here under another name; it stays the same person."""
        if self._roster.rename(person, name):
            self._changed.set()

    def lease_changed(self, pod_id: str) -> None:
        """Read the lease of a pod that announced a change."""
        if pod_id != self._pod_id:
            self._to_read.add(pod_id)
            self._stale.set()

    def recover(self) -> None:
        """Write and search again: announcements may have been missed, and leases lost."""
        self._changed.set()
        self._search.set()

    def leases(self) -> dict[str, Lease]:
        """Return the lease of each known pod by its id; this pod's as it is now."""
        return {**self._others, self._pod_id: self._roster.lease()}

    def everyone(self) -> People:
        """Return the people of all pods; of this one alone while the leases cannot be read."""
        return people([self._roster.lease(), *self._others.values()], self._placeholder)

    async def release(self) -> None:
        """Delete this pod's lease, so that the others need not wait until it runs out."""
        with suppress(Unreachable):
            await self._leases.release(self._pod_id)
            self._announce()

    @contextmanager
    def _attempt(self, use: str) -> Iterator[None]:
        """Note whether this use of the leases worked; suppress Unreachable."""
        try:
            yield
            self._failing.discard(use)
        except Unreachable:
            self._failing.add(use)
        self._on_attempt()

    # --- this pod's lease

    async def renew_lease(self) -> None:
        """Write the lease on every change, and often enough that it never runs out."""
        self._changed.set()
        while True:
            interval = RETRY_INTERVAL if "write" in self._failing else HEARTBEAT_INTERVAL
            await wait_for_event(self._changed, interval * random.uniform(0.8, 1.0))  # noqa: S311 - jitter
            self._changed.clear()
            with self._attempt("write"):
                await self._leases.write(self._pod_id, self._roster.lease())
                self._announce()
            self._stale.set()
            await asyncio.sleep(DEBOUNCE)

    # --- the people of all pods

    async def broadcast_changes(self) -> None:
        """Send the people of all pods to this pod's sockets whenever they have changed."""
        clock = asyncio.get_running_loop().time
        swept_at = clock()
        while True:
            await wait_for_event(self._stale, swept_at + SWEEP_INTERVAL - clock())
            self._stale.clear()
            if clock() - swept_at >= SWEEP_INTERVAL:  # by time: changes that keep coming would
                swept_at = clock()  # otherwise hide a crashed pod
                self._to_read.update(self._others)
            await self._read_leases(self._to_read)
            self._broadcast_change(self.everyone())
            await asyncio.sleep(DEBOUNCE)

    async def _read_leases(self, pod_ids: set[str]) -> None:
        """Read the leases of these pods; forget a pod without one."""
        if not pod_ids:
            return
        requested = set(pod_ids)
        self._to_read -= requested
        with self._attempt("read"):
            found = await self._leases.read(requested)
            for pod_id in requested:
                self._others.pop(pod_id, None)
            self._others.update(found)
        if "read" in self._failing:
            self._to_read |= requested | set(self._others)  # at the next sweep
            self._others.clear()

    async def discover(self) -> None:
        """Search for pods whose announcements this pod has not heard."""
        while True:
            self._search.clear()
            with self._attempt("search"):
                self._to_read |= await self._leases.pods() - {self._pod_id}
                self._stale.set()
            interval = RETRY_INTERVAL if "search" in self._failing else DISCOVERY_INTERVAL
            await wait_for_event(self._search, interval)
            await asyncio.sleep(DEBOUNCE)

    def _broadcast_change(self, now: People) -> None:
        if now != self._last_broadcast:
            self._last_broadcast = now
            self._broadcast(now)
