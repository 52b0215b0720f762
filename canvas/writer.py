"""Group commit: the placements that arrive while one transaction runs share the next."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple

from canvas import metrics, services, spans
from canvas.batch import Order, Placed
from canvas.errors import Busy, Refused, Unavailable
from canvas.tasks import apart
from canvas.threads import in_database

logger = logging.getLogger(__name__)

MAX_BATCH = 400  # placements a transaction, where so many wait; others wait 40 ms for the row
MAX_WAITING = 10_000  # on one canvas of one pod; more are refused as busy


Refuse = Callable[[str, Sequence[Order]], Awaitable[Sequence[Refused | None]]]


class _Waiting(NamedTuple):
    order: Order
    answer: asyncio.Future[Placed]
    origin: Any


class Writer:
    """Takes placements of this pod to the ledger, one transaction a canvas at a time."""

    def __init__(self, refuse: Refuse | None = None) -> None:
        self._refuse = refuse
        self._queues: dict[str, deque[_Waiting]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def place(self, slug: str, order: Order) -> Placed:
        """Wait until the pixel is committed; raise Refused when it is not."""
        return await self.submit(slug, order)

    def submit(self, slug: str, order: Order) -> asyncio.Future[Placed]:
        """The same for whoever does not wait; raise Busy when too many do."""
        queue = self._queues.setdefault(slug, deque())
        if len(queue) >= MAX_WAITING:
            raise Busy
        waiting = _Waiting(order, asyncio.get_running_loop().create_future(), spans.here())
        queue.append(waiting)
        if slug not in self._tasks:
            self._tasks[slug] = apart(self._commit_all(slug, queue))
        return waiting.answer

    async def flush(self) -> None:
        """Wait until everything that was accepted is answered."""
        while self._tasks:
            await asyncio.gather(*self._tasks.values())

    async def _commit_all(self, slug: str, queue: deque[_Waiting]) -> None:
        try:
            while queue:
                batch = [queue.popleft() for _ in range(min(len(queue), MAX_BATCH))]
                await self._commit(slug, batch)
        finally:
            del self._tasks[slug]
            del self._queues[slug]

    async def _commit(self, slug: str, batch: list[_Waiting]) -> None:
        started = time.perf_counter()
        orders = [waiting.order for waiting in batch]
        origins = [waiting.origin for waiting in batch if waiting.origin]
        answers: Sequence[Placed | Refused]
        try:
            with spans.apart("commit", origins, canvas=slug, placements=len(batch)):
                answers = await self._place(slug, orders)
        except Refused as refusal:
            answers = [refusal] * len(batch)
        except Exception:  # whatever it was, those who wait must hear of it
            logger.exception("a batch of %d placements failed", len(batch))
            answers = [Unavailable() for _ in batch]
        metrics.commit_seconds.observe(time.perf_counter() - started)
        metrics.commit_size.observe(len(batch))
        for waiting, answer in zip(batch, answers, strict=True):
            _resolve(waiting.answer, answer)

    async def _place(self, slug: str, orders: list[Order]) -> Sequence[Placed | Refused]:
        """Those that are not too much, in one transaction."""
        refusals = await self._refuse(slug, orders) if self._refuse else [None] * len(orders)
        admitted = [order for order, refusal in zip(orders, refusals, strict=True) if not refusal]
        placed = iter(await in_database(services.place, slug, admitted) if admitted else ())
        return [refusal or next(placed) for refusal in refusals]


def _resolve(future: asyncio.Future[Placed], answer: Placed | Refused) -> None:
    if future.cancelled():  # whoever asked has gone; the pixel is placed all the same
        return
    if isinstance(answer, Placed):
        future.set_result(answer)
    else:
        future.set_exception(answer)
