"""Surroundings of a simulation: its clock, its database, small bounds, and no log."""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any
from unittest.mock import patch

from django.db import Error as DatabaseError
from django.test import override_settings

from accounts.open_sockets import OpenSocket
from canvas.ledger import fold, segments, tips
from canvas.pod import broker, hub, outbox, relay, stream, streams, text_gate, trail, writer
from canvas.pod.outbox import Outbox
from canvas.pod.room import Socket
from canvas.protocol import announcement_parser, announcements
from canvas.ws import admission, consumer
from runtime.threads import Lane
from simulation import canvas_ledger, wire
from simulation.database import Database
from simulation.loop import VirtualLoop
from simulation.process import CurrentPod

SMALL: tuple[tuple[tuple[ModuleType, ...], str, int], ...] = (
    ((stream, streams, relay, canvas_ledger), "MEMORY", 48),
    ((trail, stream), "CHUNK", 16),
    ((trail,), "FRAMES", 6),
    ((stream,), "MAX_WAITING", 12),
    ((fold,), "PAGE", 7),
    ((segments,), "SIZE", 32),
    ((tips,), "MAX_BEHIND", 20),
    ((announcements, announcement_parser), "MAX_ANNOUNCED", 6),
    ((hub, text_gate), "MAX_TEXT", 8),
    ((hub,), "SOCKETS_PER_TURN", 2),
    ((outbox,), "MAX_BYTES", 4_096),
    ((writer,), "MAX_BATCH", 5),
    ((broker,), "MAX_WAITING", 20),
    ((wire,), "HIGH", 2_048),
    ((wire,), "LOW", 512),
)
SETTINGS: dict[str, Any] = {
    "CANVAS_COOLDOWN_SECONDS": 0,
    "GUESTS_ALLOWED": True,
    "LIMIT_PLACES_PER_MINUTE": 0,
    "LIMIT_SOCKETS_PER_ADDRESS": 0,
}
EPOCH = 1_767_225_600.0  # seconds, of the wall clock when the loop's says 0


@contextmanager
def around(
    loop: VirtualLoop, database: Database, seed: int, *, small: bool, together: bool, alarm: "Alarm"
) -> Iterator[None]:
    """Have the product run on this loop's time and this database.

    The product reads clocks by `time.…` and its loop alone, and waits for threads by `Lane` alone.
    """

    async def run(lane: Lane, function: Callable[..., Any], *args: Any) -> Any:
        return await database.run(lane, function, *args)

    with ExitStack() as stack:
        enter = stack.enter_context
        enter(patch.object(time, "monotonic", loop.time))
        enter(patch.object(time, "perf_counter", loop.time))
        enter(patch.object(time, "time", lambda: EPOCH + loop.time()))
        enter(patch.object(Lane, "run", run))
        enter(patch.object(consumer, "current_pod", CurrentPod()))
        enter(patch.object(consumer, "Socket", NumberedSocket))
        enter(patch.object(admission, "OpenSocket", NumberedOpenSocket))
        messages = "commit" if together else "each"
        enter(override_settings(**SETTINGS, PIXEL_MESSAGES=messages))
        for modules, name, value in SMALL if small else ():
            for module in modules:
                enter(patch.object(module, name, value))
        enter(alarm.listening())
        state = random.getstate()
        stack.callback(random.setstate, state)
        random.seed(f"{seed}/jitter")
        database.listen()
        stack.callback(database.deafen)
        yield


def _number() -> int:
    """Return the next number of this simulation.

    Counted over all simulations of a process, a seed would be another history after others: the
    order of a set goes by the numbers, not by their differences.
    """
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    return next(loop.numbers)


class NumberedSocket(Socket):
    """A socket whose place in a set is the same in each run."""

    __slots__ = ("number",)

    def __init__(self, outbox: Outbox, *, binary: bool) -> None:
        super().__init__(outbox, binary=binary)
        self.number = _number()

    def __hash__(self) -> int:
        return self.number


@dataclass(eq=False, slots=True)
class NumberedOpenSocket(OpenSocket):
    """The same."""

    number: int = field(default_factory=_number)

    def __hash__(self) -> int:
        return self.number


class Alarm(logging.Handler):
    """Gathers what the product logs as an error, unless the database's failure is the cause."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.raised: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, DatabaseError | asyncio.CancelledError):
            self.raised.append(f"{record.name}: {record.getMessage()}: {error!r}")

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take the place of all other handlers."""
        root = logging.getLogger()
        before, root.handlers = root.handlers, [self]
        logging.disable(logging.WARNING)
        try:
            yield
        finally:
            root.handlers = before
            logging.disable(logging.NOTSET)
