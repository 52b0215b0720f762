"""The part of a pod that serves open blueprints: its command, its hints, and its tasks."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import Error as DatabaseError

from blueprints import metrics, signals, storage
from blueprints.pod.counting import Counting
from blueprints.pod.openings import Openings
from blueprints.pod.watch import Watch
from blueprints.protocol import HINT, blueprints_changed, parse_open
from canvas.pod.pod import Pod
from canvas.protocol.announcements import USER_CHANNEL
from canvas.ws.commands import Client
from runtime.process_var import ProcessVar
from runtime.tasks import end, supervise
from runtime.threads import in_database
from runtime.waiting import about

logger = logging.getLogger(__name__)

PRUNE_INTERVAL = 600.0  # seconds
STEP = 100  # images deleted in one look


class BlueprintService:
    """Serves the blueprints that are open on a pod. Made and used on its event loop."""

    def __init__(self, pod: Pod) -> None:
        self._pod = pod
        self._loop = asyncio.get_running_loop()
        self.openings = Openings()
        self.watch = Watch(self.openings)
        self.counting = Counting(self.openings, pod.relay)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._pod.listeners.add(HINT, self.watch.hear)
        signals.changed.connect(self._on_changed)
        parts = (self.watch.run, self.counting.run, self._prune)
        self._tasks = [supervise(run) for run in parts]
        current_service.set(self)

    async def stop(self) -> None:
        current_service.reset()
        signals.changed.disconnect(self._on_changed)
        await end(*self._tasks)
        self.counting.stop()

    def open(self, client: Client, ids: Sequence[str]) -> None:
        """Have these blueprints open on a socket, and no others; raise Busy."""
        self.openings.open(client, ids)
        self.watch.look()

    def _on_changed(self, *, ids: Sequence[str], **_: object) -> None:
        self._loop.call_soon_threadsafe(self._tell, ids)

    def _tell(self, ids: Sequence[str]) -> None:
        self.watch.told_of(ids)
        self._pod.broker.publish(USER_CHANNEL, blueprints_changed(ids))

    async def _prune(self) -> None:
        """Delete images that no blueprint uses, some at a time."""
        while True:
            await asyncio.sleep(about(PRUNE_INTERVAL))
            deleted = STEP
            while deleted == STEP:  # as fast as they come
                try:
                    deleted = await in_database(storage.prune, STEP)
                except DatabaseError:
                    logger.exception("unused images could not be deleted")
                    break
                metrics.pictures_pruned.inc(deleted)


current_service: ProcessVar[BlueprintService | None] = ProcessVar(None)  # None where no pod runs


def open_blueprints(client: Client, message: Mapping[str, Any]) -> None:
    """Answer the command `blueprint_open`; each id counts as one more message."""
    ids = parse_open(message)
    client.spend(len(ids))
    service = current_service.get()
    if service is not None:
        service.open(client, ids)
