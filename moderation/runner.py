"""The loop that carries out the operations that draw: the first pod to be free takes a chunk."""

import asyncio
import logging
import time
from contextlib import suppress

from django.db import Error as DatabaseError

from moderation import chunks
from moderation.acts.table import plan_of
from moderation.models import Operation
from moderation.plans.plan import Plan, Task
from runtime.threads import in_database

logger = logging.getLogger(__name__)

POLL_INTERVAL = 1.0  # seconds: operations begin on other pods, and dead pods leave theirs
MIN_PAUSE = 0.01  # seconds between two chunks, for people who want to draw
PAUSE_RATIO = 1 / 5  # of the time of a chunk, if that is longer: others wait for the lock as long


class Worker:
    """Advance each running operation in turn, so that a small one does not wait for a large."""

    def __init__(self) -> None:
        self._plans: dict[int, Plan] = {}  # by the primary key of the operation

    def work(self) -> bool:
        """Carry out a chunk of each; return False when nothing was left to do, here."""
        running = Operation.objects.filter(state=Operation.State.RUNNING).order_by("id")
        rows = running.values_list("id", "task")
        tasks: dict[int, Task] = {pk: task for pk, task in rows if task is not None}
        self._plans = {pk: plan for pk, plan in self._plans.items() if pk in tasks}
        left = [self._advance(pk, task) for pk, task in tasks.items()]
        return any(left)

    def _advance(self, pk: int, task: Task) -> bool:
        try:
            plan = self._plans.setdefault(pk, plan_of(task))
            return chunks.advance(pk, plan)
        except DatabaseError:
            raise
        except Exception as fault:  # it would fail again each second and delay others
            logger.exception("operation %d cannot be carried out", pk)
            chunks.fail(pk, f"{type(fault).__name__}: {fault}")
            return False


class Runner:
    """Run a worker for the life of the pod."""

    def __init__(self) -> None:
        self._worker = Worker()

    async def run(self) -> None:
        while True:
            more, started = False, time.monotonic()
            with suppress(DatabaseError):
                more = await in_database(self._worker.work)
            took = time.monotonic() - started
            await asyncio.sleep(max(MIN_PAUSE, PAUSE_RATIO * took) if more else POLL_INTERVAL)
