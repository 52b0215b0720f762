"""Placements by HTTP: through a pod, or by the services where no pod runs, as a command does."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

from django.db import Error as DatabaseError

from accounts.people import Person
from canvas import services
from canvas.domain import parsing
from canvas.domain.errors import Unavailable
from canvas.ledger.placing import Order, Placed
from canvas.pod.pod import ANSWER_TIMEOUT
from canvas.protocol import events
from runtime.errors import Refused
from runtime.threads import WRITER
from simulation.database import Database
from simulation.process import Process

WITHOUT_A_POD = 0.2  # of the placements
LOST = 0.05  # of the answers

Event = dict[str, Any]


class Posts:
    """Places as `canvas.http.api.place` does."""

    def __init__(
        self, database: Database, choose: Callable[[random.Random], Process | None]
    ) -> None:
        self._database = database
        self._choose = choose

    async def place(
        self, chance: random.Random, slug: str, person: Person, message: Event
    ) -> Event | None:
        """Return the answer as a socket gets one, an `ack` or an `error`; None where none comes."""
        order = Order(person, parsing.parse_draw(message))
        try:
            placed = await self._place(chance, slug, order)
        except Refused as refusal:
            return {"type": "error", **refusal.as_dict()}
        except DatabaseError:
            return {"type": "error", **Unavailable().as_dict()}
        if placed is None or chance.random() < LOST:
            return None
        return {"type": "ack", **events.placement(placed.meta, placed.pixel)}

    async def _place(self, chance: random.Random, slug: str, order: Order) -> Placed | None:
        if chance.random() < WITHOUT_A_POD:
            answers = await self._database.run(WRITER, services.place, slug, [order])
            if isinstance(answers[0], Refused):
                raise answers[0]
            placed: Placed = answers[0]
            return placed
        process = self._choose(chance)
        return await _through(process, slug, order) if process is not None else None


async def _through(process: Process, slug: str, order: Order) -> Placed | None:
    """Place through a pod's writer, as `Pod.wait` has it; None where it is killed."""
    assert process.pod is not None
    process.posts += 1
    task = process.run(process.pod.writer.place(slug, order))
    task.add_done_callback(lambda _: process.ended_post())
    either: set[asyncio.Future[Any]] = {task, process.died}
    await asyncio.wait(either, timeout=ANSWER_TIMEOUT, return_when="FIRST_COMPLETED")
    if task.done() and not task.cancelled():
        return task.result()
    task.cancel()
    return None
