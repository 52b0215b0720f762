"""Presence over all pods: this pod renews its lease, reads the others' and broadcasts changes."""

import asyncio
import logging
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import islice

from presence.crowd import Crowd, People
from presence.lease_format import MAX_POD_ID
from presence.leases import Leases, Unreachable
from presence.roster import NO_LEASE, Lease, Roster
from runtime.waiting import wait_for_event

logger = logging.getLogger(__name__)

DEBOUNCE = 0.5  # seconds between two writes, and between two broadcasts, of one pod
HEARTBEAT_INTERVAL = 20.0  # seconds between two writes without a change; a lease lasts 60
RETRY_INTERVAL = 2.0  # seconds until a write or a search that failed is tried again
SWEEP_INTERVAL = 3.0  # seconds between two reads of all leases, announced changes or none
DISCOVERY_INTERVAL = 60.0  # seconds between two searches for pods that announced nothing
SEARCH_PAUSE = 0.005  # seconds for each known pod, between two steps of a search

PODS_AT_ONCE = 8  # leases read by one command
NAMES_AT_ONCE = 10_000  # names of leases read between two broadcasts
LEASE_COST = 250  # names that a lease counts for at least: one without any takes some ms as well
MAX_NAMED = 250_000  # names kept of other pods: 70 MB
MAX_UNSIGNED = 100_000  # people of leases without a signature: anybody who reaches Redis can lie
MAX_PODS = 4_096  # pods that are known, or to be read: anybody who reaches Redis can name some


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
        self._roster = Roster(placeholder)
        self._crowd = Crowd(placeholder)
        self._to_read: dict[str, None] = {}  # ids of pods, those that wait longest first
        self._changed = asyncio.Event()  # this pod's people
        self._stale = asyncio.Event()  # the people of all pods
        self._search = asyncio.Event()
        self._last_broadcast: People | None = None
        self._failing: set[str] = set()  # kinds of use of the leases: write, read, search
        self.pods_ignored = 0  # since the start, for MAX_PODS and MAX_POD_ID

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
        self._read_soon([pod_id])

    def recover(self) -> None:
        """Write and search again: announcements may have been missed, and leases lost."""
        self._changed.set()
        self._search.set()

    @property
    def unsigned(self) -> int:
        """The people of other pods whose leases have no signature."""
        return self._crowd.unsigned

    def leases(self) -> dict[str, Lease]:
        """Return the lease of each known pod by its id; this pod's as it is now.

        Any thread may ask.
        """
        return self._crowd.leases() | {self._pod_id: self._roster.lease()}

    def everyone(self) -> People:
        """Return the people of all pods; of this one alone while the leases cannot be read."""
        self._crowd.replace(self._pod_id, replace(self._roster.lease(), is_signed=True))
        return self._crowd.people()

    def names(self, offset: int) -> tuple[str, ...]:
        """Return names of the people of all pods, from a place on in the alphabet."""
        return self._crowd.names(offset)

    def others(self) -> list[str]:
        """Return the ids of the other pods that are known."""
        return [pod_id for pod_id in self._crowd.pods() if pod_id != self._pod_id]

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
                self._read_soon(self.others())
            await self._read_leases()
            self._broadcast_change(self.everyone())
            await asyncio.sleep(DEBOUNCE)

    def _read_soon(self, pod_ids: Iterable[str]) -> None:
        """Read the leases of other pods, as many as are known at most."""
        for pod_id in pod_ids:
            known = pod_id in self._to_read or pod_id in self._crowd.pods()
            many = len(self._to_read) + len(self._crowd.pods()) >= MAX_PODS
            if not known and (many or len(pod_id.encode()) > MAX_POD_ID):
                self.pods_ignored += 1
            elif pod_id != self._pod_id:
                self._to_read.setdefault(pod_id)
                self._stale.set()

    async def _read_leases(self) -> None:
        """Read the leases that are waiting for it, at most NAMES_AT_ONCE and those of one command.

        The rest follows after the next broadcast: with a hundred pods the numbers are some
        seconds old, but this pod's work stays the same.
        """
        names = 0
        while self._to_read and names < NAMES_AT_ONCE:
            pod_ids = list(islice(self._to_read, PODS_AT_ONCE))
            with self._attempt("read"):
                found = await self._leases.read(pod_ids)
                names += await self._take_in(pod_ids, found)
            if "read" in self._failing:
                self._read_soon(self.others())  # at the next sweep
                self._stale.clear()
                for pod_id in self.others():
                    self._crowd.forget(pod_id)
                return
        if self._to_read:
            self._stale.set()

    async def _take_in(self, pod_ids: Iterable[str], found: Mapping[str, Lease]) -> int:
        """Take the leases that were read, and forget pods without one; return the names read,
        at least LEASE_COST for each."""
        for pod_id in pod_ids:
            self._to_read.pop(pod_id, None)
            lease = self._bounded(pod_id, found.get(pod_id, NO_LEASE))
            for _ in self._crowd.replacing(pod_id, lease):
                await asyncio.sleep(0)
            if pod_id not in found:
                self._crowd.forget(pod_id)
        return sum(max(LEASE_COST, len(lease.usernames)) for lease in found.values())

    def _bounded(self, pod_id: str, lease: Lease) -> Lease:
        """Return a lease of another pod, without names where there are too many of all.

        Of one without a signature, so many people as are left of those that may be.
        """
        if self._crowd.names_besides(pod_id) + len(lease.usernames) > MAX_NAMED:
            lease = replace(lease, usernames=(), ids=())
        room = max(0, MAX_UNSIGNED - self._crowd.unsigned_besides(pod_id))
        if lease.is_signed or lease.people <= room:
            return lease
        return Lease(min(lease.count, room), lease.usernames[:room], lease.ids[:room])

    async def discover(self) -> None:
        """Search for pods whose announcements this pod has not heard.

        A step that fails is taken again. Searches over many foreign keys take their time: all
        pods together make a bounded number of steps a second.
        """
        cursor = 0
        while True:
            if not cursor:
                self._search.clear()
            with self._attempt("search"):
                found, cursor = await self._leases.search(cursor)
                self._read_soon(found)
            if "search" in self._failing:
                await wait_for_event(self._search, RETRY_INTERVAL)
                self._search.clear()
            elif cursor:
                await asyncio.sleep(SEARCH_PAUSE * (1 + len(self.others())))
                continue
            else:
                await wait_for_event(self._search, DISCOVERY_INTERVAL)
            await asyncio.sleep(DEBOUNCE)

    def _broadcast_change(self, now: People) -> None:
        if now != self._last_broadcast:
            self._last_broadcast = now
            self._broadcast(now)
