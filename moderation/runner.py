"""Carries out the operations that draw: on any pod, whichever gets to the next chunk first."""

import asyncio
import logging
import time
from contextlib import suppress
from typing import Any

from django.db import Error as DatabaseError

from moderation import operations
from moderation.models import Operation
from moderation.plans import Plan, plan_of
from runtime.threads import in_database

logger = logging.getLogger(__name__)

LOOK = 1.0  # seconds between two looks for operations, begun on another pod or left by a dead one
PAUSE = 0.01  # seconds between two chunks, for people who want to draw
REST = 1 / 5  # of what a chunk took, if that is longer: who waits for the lock wakes up as slowly


class Worker:
    """A chunk of each running operation in turn, so that a small one does not wait for a large."""

    def __init__(self) -> None:
        self._plans: dict[int, Plan] = {}

    def work(self) -> bool:
        """False when nothing was left to do, here."""
        running = Operation.objects.filter(state=Operation.State.RUNNING).order_by("id")
        tasks: dict[int, Any] = dict(running.values_list("id", "task"))
        self._plans = {pk: plan for pk, plan in self._plans.items() if pk in tasks}
        left = [self._advance(pk, task) for pk, task in tasks.items()]
        return any(left)

    def _advance(self, pk: int, task: dict[str, Any]) -> bool:
        try:
            plan = self._plans.setdefault(pk, plan_of(task))
            return operations.advance(pk, plan)
        except DatabaseError:
            raise
        except Exception as fault:  # it would come back every second, and keep others waiting
            logger.exception("operation %d cannot be carried out", pk)
            operations.fail(pk, f"{type(fault).__name__}: {fault}")
            return False


class Runner:
    """A worker for as long as the pod lives."""

    def __init__(self) -> None:
        self._worker = Worker()

    async def run(self) -> None:
        while True:
            more, started = False, time.monotonic()
            with suppress(DatabaseError):
                more = await in_database(self._worker.work)
            took = time.monotonic() - started
            await asyncio.sleep(max(PAUSE, REST * took) if more else LOOK)
