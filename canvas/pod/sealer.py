"""The sealer: stores snapshots of the boards, so that a start never folds a long ledger."""

import asyncio
import logging
import random
from datetime import timedelta

from django.db import Error as DatabaseError
from django.db.models.functions import Now

from canvas.domain.rules import CanvasMeta
from canvas.ledger import snapshots
from canvas.models import Snapshot
from canvas.pod.relay import Relay
from canvas.pod.stream import Stream
from runtime.threads import in_database

logger = logging.getLogger(__name__)

CHECK_INTERVAL = 5.0  # seconds between two looks, about: pods that look apart write once
MAX_AGE = timedelta(seconds=30)
MAX_BEHIND = 10_000  # placements


class Sealer:
    """Looks every few seconds; writes a snapshot where the newest one is too old.

    Every pod does so. Two that find one too old in the same moment write two true snapshots, which
    harms nothing: no election is needed.
    """

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    async def run(self) -> None:
        while True:
            await asyncio.sleep(CHECK_INTERVAL * random.uniform(0.5, 1.5))  # noqa: S311 - jitter
            for stream in self._relay.streams():
                try:
                    await self.keep(stream)
                except DatabaseError:
                    logger.exception("no snapshot of %s could be written", stream.meta.slug)

    async def keep(self, stream: Stream) -> None:
        """Store a snapshot of the board if the newest one is too old."""
        if await in_database(is_due, stream.meta, stream.last):
            meta, seq, cells = stream.meta, stream.last, bytes(stream.board.cells)
            await in_database(snapshots.save_snapshot, meta, seq, cells)


def is_due(meta: CanvasMeta, last: int) -> bool:
    """Tell whether a board at seq `last` should be stored; ages go by the database's clock."""
    newest = Snapshot.objects.filter(canvas_id=meta.id, epoch=meta.epoch).order_by("-seq")
    row = newest.annotate(now=Now()).values_list("seq", "created_at", "now").first()
    if row is None:
        return last > 0
    seq, created_at, now = row
    return last > seq and (last - seq >= MAX_BEHIND or now - created_at >= MAX_AGE)
