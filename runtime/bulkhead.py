"""A bulkhead: few at work, a bounded number that wait, and nobody waits for long."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import TypeVar

Result = TypeVar("Result")


class Full(Exception):
    """Too many wait already, or the turn has not come in time."""


class Bulkhead:
    """Lets `at_once` tasks work; at most `waiting` others wait, each for `patience` seconds.

    For the tasks of one event loop; the first to come is the first to work.
    """

    def __init__(
        self,
        at_once: int,
        waiting: int,
        patience: float,
        on_full: Callable[[], object] = lambda: None,
    ) -> None:
        self._patience = patience
        self._free = at_once
        self._waiting = waiting
        self._on_full = on_full
        self._queue: deque[asyncio.Future[None]] = deque()

    def __len__(self) -> int:
        """Return the number of those that wait."""
        return len(self._queue)

    def turn(self) -> "Turn":
        return Turn(self)

    async def enter(self) -> None:
        """Wait for a place; raise Full."""
        if not self._free and len(self._queue) >= self._waiting:
            self._on_full()
            raise Full
        try:
            async with asyncio.timeout(self._patience):
                await self._wait(first=False)
        except TimeoutError:
            self._on_full()
            raise Full from None

    async def enter_again(self) -> None:
        """Wait for a place before all others, for as long as it takes."""
        await self._wait(first=True)

    def leave(self) -> None:
        """Give the place to the next, or back."""
        while self._queue:
            place = self._queue.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._free += 1

    async def _wait(self, *, first: bool) -> None:
        if self._free:
            self._free -= 1
            return
        place = asyncio.get_running_loop().create_future()
        (self._queue.appendleft if first else self._queue.append)(place)
        try:
            await place
        except asyncio.CancelledError:
            if place in self._queue:
                self._queue.remove(place)
            elif not place.cancelled():  # it was given in the same moment
                self.leave()
            raise


class Turn:
    """A task's place at work, from `begin` to `end`."""

    def __init__(self, bulkhead: Bulkhead) -> None:
        self._bulkhead = bulkhead
        self._is_held = False
        self._is_over = False

    @property
    def is_held(self) -> bool:
        """Tell whether there is a place to give back."""
        return self._is_held

    async def begin(self) -> None:
        """Wait for the place; raise Full."""
        await self._bulkhead.enter()
        self._is_held = True
        self.loop = asyncio.get_running_loop()
        current_turn.set(self)

    def end(self) -> None:
        """Give the place back for good, unless that was done before."""
        self._is_over = True
        self._give_back()

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        """Let others work while this task waits for something else."""
        if not self._is_held:
            yield
            return
        self._give_back()
        try:
            yield
        except asyncio.CancelledError:
            raise  # nothing more will be done, so no place is needed
        except BaseException:
            await self._take_again()
            raise
        await self._take_again()

    def _give_back(self) -> None:
        if self._is_held:
            self._is_held = False
            self._bulkhead.leave()

    async def _take_again(self) -> None:
        await self._bulkhead.enter_again()
        self._is_held = True
        if self._is_over:  # meanwhile: its client has gone
            self._give_back()


current_turn: ContextVar[Turn | None] = ContextVar("current_turn", default=None)


async def await_without_turn(awaitable: Awaitable[Result]) -> Result:
    """Await a result while this request holds no turn, nor a place at work."""
    turn = current_turn.get()
    if turn is None:
        return await awaitable
    async with turn.paused():
        return await awaitable


@contextmanager
def turn_released() -> Iterator[None]:
    """Hold no turn within the block: for a request's thread that waits for a result."""
    turn = current_turn.get()
    if turn is None or not turn.is_held:
        yield
        return
    done = asyncio.Event()
    waiting = asyncio.run_coroutine_threadsafe(await_without_turn(done.wait()), turn.loop)
    try:
        yield
    finally:
        turn.loop.call_soon_threadsafe(done.set)
        waiting.result()
