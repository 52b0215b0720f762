"""An event loop whose time jumps, and the machines whose work it runs."""

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Executor
from contextvars import Context, ContextVar, copy_context
from struct import pack
from typing import Any, TypeVar, TypeVarTuple, Unpack
from weakref import WeakSet
from zlib import crc32

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")

MAX_TURNS = 200_000  # callbacks within one instant; beyond, the code goes round in circles


class Endless(Exception):
    """Raised for code that keeps the loop busy without waiting for anything."""


class Machine:
    """A process that can be paused, as by SIGSTOP, and killed: then none of its callbacks run."""

    def __init__(self, loop: "VirtualLoop", name: str) -> None:
        self.name = name
        self.tasks: WeakSet[asyncio.Task[Any]] = WeakSet()
        self.is_alive = True
        self.died: asyncio.Future[None] = loop.create_future()
        self._loop = loop
        self._held: deque[asyncio.Handle] | None = None
        self._context = copy_context()
        self._context.run(CURRENT.set, self)
        self._kept: list[asyncio.Task[Any]] = []

    def tell(self, name: str, facts: Mapping[str, Any]) -> None:
        """Take a signal of the services that a thread of this machine has sent."""

    @property
    def is_paused(self) -> bool:
        return self.is_alive and self._held is not None

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """Start a task of this machine."""
        return self._loop.create_task(coroutine, context=self._context.copy())

    def call(self, function: Callable[..., object], *args: object) -> None:
        """Have a function called by this machine, soon."""
        self._loop.call_soon(function, *args, context=self._context)

    def pause(self) -> None:
        self._held = self._held or deque()

    def go_on(self) -> None:
        held, self._held = self._held, None
        for handle in held or ():
            self._loop.put(self, handle)

    def kill(self) -> None:
        """End for good: a pause, in which nothing is let go of.

        A task that is collected runs its `finally`, which those of a killed process never do.
        """
        self._kept = list(self.tasks)
        self.pause()
        self.is_alive = False
        if not self.died.done():
            self.died.set_result(None)

    def revive(self) -> None:
        """Let a killed machine run again, so that its tasks can be ended in order."""
        self.is_alive = True
        self.go_on()

    def hold(self, handle: asyncio.Handle) -> bool:
        """Keep a callback for later; return False where it may run now."""
        if self._held is None:
            return False
        self._held.append(handle)
        return True


CURRENT: ContextVar[Machine | None] = ContextVar("machine", default=None)


class VirtualLoop(asyncio.BaseEventLoop):
    """An event loop without sockets and threads: while nothing is ready its time jumps to the next
    timer.

    A callback belongs to the machine in whose context it was scheduled. Functions for an executor
    run at once.
    """

    def __init__(self, now: float = 1_000.0) -> None:
        super().__init__()
        self._now = now
        self._due: deque[tuple[Machine | None, asyncio.Handle]] = deque()
        self._timers: list[tuple[float, int, Machine | None, asyncio.TimerHandle]] = []
        self._order = itertools.count()
        self.numbers = itertools.count()  # of what is kept in sets: their order is of this run
        self.outside = Context()  # that of no machine: of the network and of people
        self.turns = 0
        self.trace = 0  # a hash of when each turn was: of the whole history
        self.errors: list[str] = []  # of callbacks and tasks that failed without a reader

    def run(self, until: float) -> None:
        """Run what is due up to a moment."""
        asyncio._set_running_loop(self)
        try:
            self._drain()
            while self._timers and self._timers[0][0] <= until:
                self._now = max(self._now, self._timers[0][0])
                while self._timers and self._timers[0][0] <= self._now:
                    _, _, machine, timer = heapq.heappop(self._timers)
                    if not timer.cancelled():
                        self._due.append((machine, timer))
                self._drain()
            self._now = max(self._now, until)
        finally:
            asyncio._set_running_loop(None)

    def _drain(self) -> None:
        before, due = self.turns, self._due
        while due:
            machine, handle = due.popleft()
            if handle.cancelled():
                continue
            if machine is not None and machine.hold(handle):
                continue
            self.turns += 1
            self.trace = crc32(pack("d", self._now), self.trace)
            handle._run()
            if self.turns - before > MAX_TURNS:
                raise Endless(f"{handle} and others")

    def put(self, machine: Machine, handle: asyncio.Handle) -> None:
        self._due.append((machine, handle))

    def end_all(self) -> list[asyncio.Task[Any]]:
        """Cancel all tasks until they have ended; return those that have not."""
        for _ in range(50):
            pending = sorted(asyncio.all_tasks(self), key=hash)
            if not pending:
                break
            for task in pending:
                task.cancel()
            self.run(self._now + 1)
        return pending

    # --- what asyncio asks of a loop

    def time(self) -> float:
        return self._now

    def get_debug(self) -> bool:
        return False

    def call_soon(
        self,
        callback: Callable[[Unpack[Arguments]], object],
        *args: *Arguments,
        context: Context | None = None,
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._due.append((_machine_of(context), handle))
        return handle

    def call_soon_threadsafe(
        self,
        callback: Callable[[Unpack[Arguments]], object],
        *args: *Arguments,
        context: Context | None = None,
    ) -> asyncio.Handle:
        return self.call_soon(callback, *args, context=context)

    def call_later(
        self,
        delay: float,
        callback: Callable[[Unpack[Arguments]], object],
        *args: *Arguments,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        return self.call_at(self._now + max(0.0, delay), callback, *args, context=context)

    def call_at(
        self,
        when: float,
        callback: Callable[[Unpack[Arguments]], object],
        *args: *Arguments,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        entry = (when, next(self._order), _machine_of(context), timer)
        heapq.heappush(self._timers, entry)
        return timer

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Do nothing: it is passed over when it is due."""

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(
        self, coro: Any, *, name: object = None, context: Context | None = None
    ) -> asyncio.Task[Any]:
        machine = CURRENT.get()
        if context is None or CURRENT not in context:
            (context := context or copy_context()).run(CURRENT.set, machine)
        else:
            machine = context[CURRENT]
        task = _NumberedTask(coro, loop=self, name=name, context=context)
        if machine is not None:
            machine.tasks.add(task)
        return task

    def run_in_executor(
        self,
        executor: Executor | None,
        func: Callable[[Unpack[Arguments]], Result],
        *args: *Arguments,
    ) -> asyncio.Future[Result]:
        future: asyncio.Future[Result] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # of any kind: it is for the reader of the future
            future.set_exception(error)
        return future

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        self.errors.append(f"{context.get('message')}: {context.get('exception')!r}")


class _NumberedTask(asyncio.Task[Any]):
    """A task whose place in a set is the same in each run."""

    def __init__(self, coro: Any, *, loop: VirtualLoop, name: Any, context: Context) -> None:
        self._hash = next(loop.numbers)
        super().__init__(coro, loop=loop, name=name, context=context)

    def __hash__(self) -> int:
        return self._hash


def _machine_of(context: Context | None) -> Machine | None:
    return CURRENT.get() if context is None else context.get(CURRENT)
