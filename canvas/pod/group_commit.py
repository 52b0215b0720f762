"""The group commit: batches of several canvases share one transaction."""

import asyncio
from collections.abc import Sequence

from django.db import DatabaseError, InterfaceError, OperationalError

from canvas import metrics, services
from canvas.ledger.placing import Order
from canvas.services import Answers, Batch
from runtime.batching import Batcher
from runtime.threads import WRITER

MAX_CANVASES = 50  # a transaction
MAX_TOGETHER = 400  # placements of all of them; one canvas's batch is never divided
IDLE_IN_TRANSACTION = "25P03"  # the state of an error of PostgreSQL

Outcome = Answers | None  # None: to be placed by a transaction of its own


class GroupCommit:
    """Places batches, each of another canvas, by few transactions.

    With one canvas each transaction is its own, and waits for the row. Those of several share one,
    which waits for none: a canvas whose row is held, as by a resize, is left to a transaction of
    its own, and so are all when one of them makes the shared one fail.
    """

    def __init__(self) -> None:
        self._together = Batcher[Batch, Outcome](self._place_together, MAX_CANVASES)
        # One thread of the writer's is always free for those that wait for no row.
        self._alone = asyncio.Semaphore(WRITER.threads - 1)

    async def place(self, slug: str, orders: Sequence[Order]) -> Answers:
        """Place a batch of a canvas that has no other one under way."""
        answers = await self._together.ask(Batch(slug, orders))
        if answers is None:
            async with self._alone:
                answers = await self._place_alone(slug, orders)
        return answers

    async def _place_alone(self, slug: str, orders: Sequence[Order]) -> Answers:
        try:
            return await WRITER.run(services.place, slug, orders)
        except DatabaseError as error:
            if not has_written_nothing(error):
                raise
            return await WRITER.run(services.place, slug, orders)

    async def _place_together(self, batches: list[Batch]) -> list[Outcome | Exception]:
        if len(batches) == 1 and not self._alone.locked():
            return [None]
        outcomes: list[Outcome | Exception] = []
        for group in grouped(batches):
            outcomes += await self._place_group(group)
        return outcomes

    async def _place_group(self, batches: list[Batch]) -> Sequence[Outcome | Exception]:
        metrics.commit_canvases.observe(len(batches))
        try:
            return await WRITER.run(services.place_together, batches)
        except Exception as error:
            # An undone batch has None and is placed alone; else its callers are told the error.
            return [None if is_undone(error) else error for _ in batches]


def grouped(batches: list[Batch]) -> list[list[Batch]]:
    """Divide batches into groups of at most MAX_TOGETHER orders, where none has more alone."""
    groups: list[list[Batch]] = []
    size = 0
    for batch in batches:
        if not groups or size + len(batch.orders) > MAX_TOGETHER:
            groups.append([])
            size = 0
        groups[-1].append(batch)
        size += len(batch.orders)
    return groups


def is_undone(error: Exception) -> bool:
    """Tell whether an error has undone its transaction for certain.

    When a connection is lost, or the server stops, the commit may have come through.
    """
    if not isinstance(error, OperationalError | InterfaceError):
        return True
    state = sqlstate_of(error)
    return state is not None and not state.startswith(("08", "57P", "58", "XX"))


def has_written_nothing(error: DatabaseError) -> bool:
    """Tell whether a transaction that had the lock has ended before its writes.

    PostgreSQL ends one in which its pod stands still, as a pod that was stopped (SIGSTOP, a paused
    machine) finds when it goes on: the database is there, and nobody has an answer.
    """
    return isinstance(error, services.Unwritten) or sqlstate_of(error) == IDLE_IN_TRANSACTION


def sqlstate_of(error: Exception) -> str | None:
    return getattr(error.__cause__, "sqlstate", None)
