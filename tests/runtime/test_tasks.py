"""A task that nobody waits for is held until it has ended."""

import asyncio
import gc
from weakref import ref

from runtime.circuit_breaker import CircuitBreaker
from runtime.tasks import spawn_detached


class Alone:
    """Object that only its own task knows: a collector of garbage may take both."""

    def __init__(self) -> None:
        self._future = asyncio.get_running_loop().create_future()
        self.seen = ref(self._future)

    async def wait(self) -> None:
        await self._future


async def test_a_detached_task_goes_on() -> None:
    alone = Alone()
    future = alone.seen
    task = ref(spawn_detached(alone.wait()))
    await asyncio.sleep(0)
    del alone
    gc.collect()
    assert (waited_for := future()) is not None
    waited_for.set_result(None)
    del waited_for
    await asyncio.sleep(0.01)
    gc.collect()
    assert task() is None, "it is not held any longer than that"


async def test_so_does_a_call_that_is_given_up() -> None:
    alone = Alone()
    future = alone.seen
    await CircuitBreaker().call(alone.wait())
    del alone
    gc.collect()
    assert future() is not None
    future().cancel()  # type: ignore[union-attr]  # it is there
