"""The way to the ledger: slow, hung, down, read-only, or without an answer after a commit."""

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from django.db import InternalError, OperationalError

from canvas import services, signals
from canvas.ledger import locking, writable
from runtime.threads import Lane
from simulation.loop import CURRENT, Machine

LATENCY = 0.001, 0.006  # seconds one way
HUNG = 4.0  # seconds until a statement is given up
PAUSE = 0.1  # seconds between two looks whether it still hangs
WRITES = {services.place, services.place_together, services.settle_ahead, writable.check}


class Ledger(Protocol):
    """Answers the functions that a pod runs in a thread of the database.

    The rows of the canvases in `held` are locked.
    """

    held: set[str]

    def answer(self, function: Callable[..., Any], args: Any) -> Any: ...


class Database:
    """Takes the place of the threads: `run` is what `Lane.run` is for the pods of a simulation."""

    def __init__(self, ledger: Ledger, seed: str) -> None:
        self.ledger = ledger
        self.is_down = self.hangs = self.is_read_only = False
        self.unsure = 0.0  # the chance that a commit's answer is lost
        self.slow = 0.0  # seconds more, at most
        self.calls = 0
        self._chance: dict[Machine | None, random.Random] = {}
        self._seed = seed
        self._threads: dict[tuple[Machine | None, str], asyncio.Semaphore] = {}
        self._told: list[tuple[str, Mapping[str, Any]]] = []

    async def run(self, lane: Lane, function: Callable[..., Any], *args: Any) -> Any:
        machine = CURRENT.get()
        key = machine, lane.name
        if key not in self._threads:
            self._threads[key] = asyncio.Semaphore(lane.threads)
        thread = self._threads[key]
        await thread.acquire()
        asking = asyncio.ensure_future(self._ask(machine, function, args))
        asking.add_done_callback(lambda _: thread.release())
        return await asyncio.shield(asking)  # a thread goes on without the one who waits

    async def _ask(self, machine: Machine | None, function: Callable[..., Any], args: Any) -> Any:
        self.calls += 1
        chance = self._chance_of(machine)
        await asyncio.sleep(chance.uniform(*LATENCY) + chance.random() * self.slow)
        if self.is_down:
            raise OperationalError("connection refused")
        await self._answer_at_all()
        if function is services.place:
            await self._lock(args[0])
        if self.is_read_only and function in WRITES:
            raise InternalError("cannot execute INSERT in a read-only transaction")
        result, told = self._answer(function, args)
        if function in WRITES and chance.random() < self.unsure:
            raise OperationalError("server closed the connection unexpectedly")
        await asyncio.sleep(chance.uniform(*LATENCY))
        if machine is not None:
            for name, facts in told:
                machine.tell(name, facts)
        if isinstance(result, Exception):
            raise result
        return result

    async def _answer_at_all(self) -> None:
        """Wait while the database hangs; raise OperationalError where that takes too long."""
        for _ in range(round(HUNG / PAUSE)):
            if not self.hangs:
                return
            await asyncio.sleep(PAUSE)
        raise OperationalError("canceling statement due to statement timeout")

    async def _lock(self, slug: str) -> None:
        """Wait for the row of a canvas; raise OperationalError where it is held for too long."""
        for _ in range(round(locking.LOCK_TIMEOUT / PAUSE)):
            if slug not in self.ledger.held:
                return
            await asyncio.sleep(PAUSE)
        raise OperationalError("canceling statement due to lock timeout")

    def _answer(
        self, function: Callable[..., Any], args: Any
    ) -> tuple[Any, list[tuple[str, Mapping[str, Any]]]]:
        """Return the result or the exception, and the signals that were sent."""
        try:
            result = self.ledger.answer(function, args)
        except Exception as error:  # of any kind: it is for the one who waits
            result = error
        told, self._told = self._told, []
        return result, told

    def _chance_of(self, machine: Machine | None) -> random.Random:
        """Return chances of its own for each machine: what one asks changes no other's."""
        if machine not in self._chance:
            self._chance[machine] = random.Random(f"{self._seed}/{machine and machine.name}")
        return self._chance[machine]

    # --- signals of the services: for the pod whose thread has committed, after the way back

    def listen(self) -> None:
        signals.committed.connect(self._on_committed)
        signals.changed.connect(self._on_changed)

    def deafen(self) -> None:
        signals.committed.disconnect(self._on_committed)
        signals.changed.disconnect(self._on_changed)

    def _on_committed(self, **facts: Any) -> None:
        self._told.append(("committed", facts))

    def _on_changed(self, **facts: Any) -> None:
        self._told.append(("changed", facts))

    def take_told(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Return the signals of what was just done without a pod's thread."""
        told, self._told = self._told, []
        return told
