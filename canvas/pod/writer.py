"""The writer: placements that arrive during one transaction share the next."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from canvas import metrics
from canvas.domain.errors import Busy, NoChange, Unavailable
from canvas.domain.pixel import Seen
from canvas.domain.rules import Draw
from canvas.ledger import withheld
from canvas.ledger.placing import Order, Placed
from canvas.pod.group_commit import GroupCommit
from canvas.pod.writer_health import WriterHealth
from runtime import spans
from runtime.batching import Batcher
from runtime.errors import Refused

logger = logging.getLogger(__name__)

MAX_BATCH = 400  # placements a transaction, where so many wait; others wait 40 ms for the row
MAX_WAITING = 10_000  # on one canvas of one pod; more are refused as busy
PATIENCE = 10.0  # seconds until the transaction of a placement begins; later it is refused
FLUSH_TIMEOUT = 10.0  # seconds in which a pod that stops commits what it has accepted

Check = Callable[[str], Awaitable[None]]  # of a canvas; may raise Refused
Look = Callable[[str, Draw], Seen]  # at the cell of a draw, on the pod's board of a canvas
Refuse = Callable[[str, Sequence[Order]], Awaitable[Sequence[Refused | None]]]


class _Ordered(NamedTuple):
    order: Order
    origin: Any


class Writer:
    """Takes the placements of this pod to the ledger, one batch a canvas at a time.

    A placement that is refused, for any reason, is not made later.
    """

    def __init__(
        self,
        refuse: Refuse | None = None,
        check: Check | None = None,
        health: WriterHealth | None = None,
        look: Look | None = None,
    ) -> None:
        """`refuse` looks at the orders of a transaction, `check` at their canvas, `look` at the
        pod's board of it.
        """
        self._refuse = refuse
        self._check = check
        self._health = health or WriterHealth()
        self._look = look
        self._commits = GroupCommit()
        self._batchers: dict[str, Batcher[_Ordered, Placed]] = {}

    async def place(self, slug: str, order: Order) -> Placed:
        """Place a pixel, and wait until it is committed; raise Refused when it is not."""
        return await self.submit(slug, order)

    def submit(self, slug: str, order: Order) -> asyncio.Future[Placed]:
        """Hand a pixel over without waiting; raise Busy when too many wait.

        Raise NoChange for one without an id whose cell has the colour: it cannot be a retry.
        """
        can_tell = order.draw.id is None and not withheld.told.has_any(order.person.id)
        if can_tell and self._look and self._look(slug, order.draw).has_asked_color:
            raise NoChange
        if slug not in self._batchers:
            self._batchers[slug] = Batcher(
                partial(self._commit, slug),
                MAX_BATCH,
                partial(self._batchers.pop, slug),
                patience=PATIENCE,
                late=Busy,
            )
        batcher = self._batchers[slug]
        if len(batcher) >= MAX_WAITING:
            raise Busy
        return batcher.ask(_Ordered(order, spans.current()))

    @property
    def waiting(self) -> int:
        """The number of placements that wait for their transaction to begin."""
        return sum(map(len, self._batchers.values()))

    async def flush(self) -> None:
        """Wait until everything that was accepted is answered; refuse what is not in time."""
        try:
            async with asyncio.timeout(FLUSH_TIMEOUT):
                while self._batchers:
                    await asyncio.gather(*(each.finish() for each in self._batchers.values()))
        except TimeoutError:
            logger.error("%d placements could not be committed", self.waiting)
            for batcher in self._batchers.values():
                batcher.abandon()

    async def _commit(self, slug: str, batch: list[_Ordered]) -> Sequence[Placed | Refused]:
        started = time.perf_counter()
        orders = [ordered.order for ordered in batch]
        origins = [ordered.origin for ordered in batch if ordered.origin]
        answers: Sequence[Placed | Refused]
        try:
            with spans.linked_span("commit", origins, canvas=slug, placements=len(batch)):
                answers = await self._place(slug, orders)
        except Refused as refusal:
            answers = [refusal] * len(batch)
        except Exception:  # any fault must reach the requests that wait for an answer
            logger.exception("a batch of %d placements failed", len(batch))
            metrics.commits_failed.inc()
            self._health.failed()
            answers = [Unavailable() for _ in batch]
        metrics.commit_seconds.observe(time.perf_counter() - started)
        metrics.commit_size.observe(len(batch))
        return answers

    async def _place(self, slug: str, orders: list[Order]) -> Sequence[Placed | Refused]:
        """Place the orders that are within the quota, in one transaction."""
        if self._check:
            await self._check(slug)
        refusals = await self._refuse(slug, orders) if self._refuse else [None] * len(orders)
        admitted = [order for order, refusal in zip(orders, refusals, strict=True) if not refusal]
        placed = iter(await self._write(slug, admitted) if admitted else ())
        return [refusal or next(placed) for refusal in refusals]

    async def _write(self, slug: str, orders: list[Order]) -> Sequence[Placed | Refused]:
        looked_at = [self._looked_at(slug, order) for order in orders]
        answers = await self._commits.place(slug, looked_at)
        self._health.succeeded()
        return answers

    def _looked_at(self, slug: str, order: Order) -> Order:
        """Say what the board of now shows on the cell; a retry is answered anyway."""
        return replace(order, seen=self._look(slug, order.draw)) if self._look else order
