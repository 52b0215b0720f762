"""The download of a board, as the page fetches one: anew until it has come."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

from canvas.pod.board_cache import BoardCopy
from simulation.loop import VirtualLoop
from simulation.process import Process

TIMEOUT = 10.0  # seconds


class Download:
    """Only the newest download counts. `load` is called to begin another, `install` with a copy."""

    def __init__(
        self,
        slug: str,
        loop: VirtualLoop,
        chance: random.Random,
        choose: Callable[[random.Random], Process | None],
        load: Callable[[], None],
        install: Callable[[BoardCopy], None],
    ) -> None:
        self._slug = slug
        self._loop = loop
        self._chance = chance
        self._choose = choose
        self._load = load
        self._install = install
        self._number = 0
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self._number += 1
        self._task = self._loop.create_task(self._fetch(self._number))

    def begin_again_soon(self) -> None:
        self._loop.call_later(self._chance.uniform(0.1, 1), self._begin_again, self._number)

    async def _fetch(self, number: int) -> None:
        process, copy = self._choose(self._chance), None
        if process is not None and process.pod is not None:
            task = process.run(process.pod.board_cache.newest(self._slug))
            either: set[asyncio.Future[Any]] = {task, process.died}
            await asyncio.wait(either, timeout=TIMEOUT, return_when="FIRST_COMPLETED")
            if task.done() and not task.cancelled() and task.exception() is None:
                copy = task.result()
            task.cancel()
        await asyncio.sleep(self._chance.uniform(0.01, 0.3))
        if number != self._number:
            return
        if copy is None:
            self._loop.call_later(self._chance.uniform(0.2, 2), self._begin_again, number)
        else:
            self._install(copy)

    def _begin_again(self, number: int) -> None:
        if number == self._number:
            self._load()
