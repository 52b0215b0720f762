"""The pruner: deletes what is remembered for a time only, a bounded step at a time."""

import asyncio
import logging
from datetime import timedelta

from django.db import Error as DatabaseError
from django.db.models.functions import Now

from canvas import metrics
from canvas.ledger import allowances
from canvas.models import Retry
from runtime.threads import in_database
from runtime.waiting import about

logger = logging.getLogger(__name__)

KEPT = timedelta(days=1)
STEP = 1000  # rows a statement
INTERVAL = 10.0  # seconds between two steps, about; 8.6 million rows a day and pod


class Pruner:
    """Every pod prunes. Two that do so at once delete the same rows, which harms nothing."""

    def __init__(self) -> None:
        self._next = allowances.FIRST

    async def run(self) -> None:
        while True:
            await asyncio.sleep(about(INTERVAL))
            try:
                metrics.retries_pruned.inc(await in_database(prune))
                metrics.charges_pruned.inc(await in_database(self._prune_charges))
            except DatabaseError:
                logger.exception("nothing could be pruned")

    def _prune_charges(self) -> int:
        """Look at the next STEP rows, and begin again after the last."""
        deleted, self._next = allowances.prune(self._next, STEP)
        return deleted


def prune() -> int:
    """Delete the oldest ids that are older than KEPT, at most STEP; return how many."""
    old = Retry.objects.filter(at__lt=Now() - KEPT).order_by("at")
    deleted, _ = Retry.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:STEP])).delete()
    return deleted
