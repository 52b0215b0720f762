"""Who is here, over all pods: this pod's lease kept alive, the others' gathered and told."""

import asyncio
import logging
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from presence.leases import Leases, Unreachable
from presence.roster import Lease, People, Roster, people
from runtime.waiting import wait_for_event

logger = logging.getLogger(__name__)

GATHER = 0.5  # seconds between two writes, and between two broadcasts, of one pod
HEARTBEAT = 20.0  # seconds between two writes when nobody comes or goes; a lease lasts 60
RETRY = 2.0  # seconds until a write or a search that failed is tried again
SWEEP = 3.0  # seconds after which all leases are read, whoever announced a change meanwhile
DISCOVERY = 60.0  # seconds between two searches for pods that were never heard of


class Presence:
    """This pod's people, and everyone's.

    `announce` tells the other pods that this pod's lease has changed, `tell` tells this pod's
    sockets of the people of all pods, and `on_attempt` is called after each use of the leases,
    when `whole` may have changed. None of them may block.
    """

    def __init__(
        self,
        pod_id: str,
        leases: Leases,
        announce: Callable[[], None],
        tell: Callable[[People], None],
        on_attempt: Callable[[], None],
    ) -> None:
        self._pod_id = pod_id
        self._leases = leases
        self._announce = announce
        self._tell = tell
        self._on_attempt = on_attempt
        self._roster = Roster()
        self._others: dict[str, Lease] = {}
        self._heard: set[str] = set()
        self._changed = asyncio.Event()
        self._stale = asyncio.Event()
        self._lost = asyncio.Event()
        self._told: People | None = None
        self._failing: set[str] = set()

    @property
    def whole(self) -> bool:
        """Whether this pod knows of everyone, and the others of its people."""
        return not self._failing

    def enter(self, name: str) -> None:
        self._roster.enter(name)
        self._changed.set()

    def leave(self, name: str) -> None:
        self._roster.leave(name)
        self._changed.set()

    def rename(self, old: str, new: str) -> None:
        self._roster.leave(old)
        self._roster.enter(new)
        self._changed.set()

    def heard(self, pod_id: str) -> None:
        """A pod announced that its people changed."""
        if pod_id != self._pod_id:
            self._heard.add(pod_id)
            self._stale.set()

    def recover(self) -> None:
        """Announcements may have been missed, and leases lost: write and look again."""
        self._changed.set()
        self._lost.set()

    def leases(self) -> dict[str, Lease]:
        """What each pod says of its people, as far as this pod knows; its own as it is now."""
        return {**self._others, self._pod_id: self._roster.lease()}

    def everyone(self) -> People:
        """The people of all pods; of this one alone when the others cannot be asked."""
        return people([self._roster.lease(), *self._others.values()])

    async def release(self) -> None:
        """Say goodbye, so that nobody has to wait for the lease to run out."""
        with suppress(Unreachable):
            await self._leases.release(self._pod_id)
            self._announce()

    @contextmanager
    def _attempt(self, what: str) -> Iterator[None]:
        """Leases that cannot be reached are noted, and the work goes on."""
        try:
            yield
            self._failing.discard(what)
        except Unreachable:
            self._failing.add(what)
        self._on_attempt()

    # --- this pod's lease

    async def keep_lease(self) -> None:
        """Write on every change, and often enough that the lease never runs out."""
        self._changed.set()
        while True:
            patience = RETRY if "write" in self._failing else HEARTBEAT
            await wait_for_event(self._changed, patience * random.uniform(0.8, 1.0))  # noqa: S311 - jitter
            self._changed.clear()
            with self._attempt("write"):
                await self._leases.write(self._pod_id, self._roster.lease())
                self._announce()
            self._stale.set()
            await asyncio.sleep(GATHER)

    # --- everyone's people

    async def keep_told(self) -> None:
        """Tell this pod's sockets whenever the people of all pods have changed."""
        clock = asyncio.get_running_loop().time
        swept_at = clock()
        while True:
            await wait_for_event(self._stale, swept_at + SWEEP - clock())
            self._stale.clear()
            if clock() - swept_at >= SWEEP:  # or people who keep coming would hide a crash
                swept_at = clock()
                self._heard.update(self._others)
            await self._gather(self._heard)
            self._tell_changes(self.everyone())
            await asyncio.sleep(GATHER)

    async def _gather(self, pod_ids: set[str]) -> None:
        """Read these pods' leases again; a pod without one is gone."""
        if not pod_ids:
            return
        asked = set(pod_ids)
        self._heard -= asked
        with self._attempt("read"):
            found = await self._leases.read(asked)
            for pod_id in asked:
                self._others.pop(pod_id, None)
            self._others.update(found)
        if "read" in self._failing:
            self._heard |= asked | set(self._others)  # to be asked again at the next sweep
            self._others.clear()

    async def discover(self) -> None:
        """Find the pods that were never heard of."""
        while True:
            self._lost.clear()
            with self._attempt("search"):
                self._heard |= await self._leases.pods() - {self._pod_id}
                self._stale.set()
            await wait_for_event(self._lost, RETRY if "search" in self._failing else DISCOVERY)
            await asyncio.sleep(GATHER)

    def _tell_changes(self, now: People) -> None:
        if now != self._told:
            self._told = now
            self._tell(now)
