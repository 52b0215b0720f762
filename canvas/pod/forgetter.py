"""The forgetter: takes the names of people who have left off their pixels, in steps."""

import asyncio
import logging

from django.db import Error as DatabaseError

from canvas import metrics
from canvas.ledger import forgetting
from runtime.threads import in_database
from runtime.waiting import about

logger = logging.getLogger(__name__)

INTERVAL = 2.0  # seconds between two looks, about
SHARE = 0.5  # seconds of work in one look


class Forgetter:
    """Every pod looks; a person is taken care of by one at a time."""

    async def run(self) -> None:
        while True:
            await asyncio.sleep(about(INTERVAL))
            try:
                metrics.names_forgotten.inc(await in_database(forgetting.go_on, SHARE))
            except DatabaseError:
                logger.exception("no names could be taken off")
