"""The health of the writer: whether a placement could be committed now, and why not."""

import asyncio
import logging

from django.db import Error as DatabaseError

from canvas import metrics
from canvas.ledger import writable
from runtime.outages import reason_of
from runtime.threads import WRITER
from runtime.waiting import Wakeup

logger = logging.getLogger(__name__)

INTERVAL = 2.0  # seconds between two probes
DEBOUNCE = 0.1  # seconds after a commit that failed

TIMEOUT = 3.0  # seconds after which a probe without an answer tells of an outage
UNASKED = "not asked yet"


class WriterHealth:
    """Asks the database what a commit would ask, in the writer's lane, and tells the readiness.

    A commit that succeeds answers the question; one that fails has it asked at once.
    """

    def __init__(self) -> None:
        self.fault = UNASKED  # why nothing can be committed; '' when all is well
        self._committed = False
        self._wakeup = Wakeup(DEBOUNCE, INTERVAL)

    def succeeded(self) -> None:
        """Note a commit."""
        self._committed = True
        self._set("")

    def failed(self) -> None:
        """Note a transaction that the database failed."""
        self._wakeup.wake()

    async def run(self) -> None:
        while True:
            await self._wakeup.wait()
            if not self._committed:
                await self.probe()
            self._committed = False

    async def probe(self) -> None:
        """Ask whether a transaction can be committed now."""
        asking = asyncio.create_task(WRITER.run(writable.check))
        await asyncio.wait({asking}, timeout=TIMEOUT)
        if not asking.done():
            self._set(f"no answer within {TIMEOUT:g} s")
        try:
            await asking
        except DatabaseError as error:
            self._set(reason_of(error))
        else:
            self._set("")

    def _set(self, fault: str) -> None:
        if fault == self.fault:
            return
        metrics.writer_ready.set(not fault)
        if fault:
            logger.error("nothing can be committed: %s", fault)
        elif self.fault != UNASKED:
            logger.warning("placements can be committed again")
        self.fault = fault
