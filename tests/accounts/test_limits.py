"""Rate limits, with the counts of other pods and without."""

import asyncio
from collections.abc import Mapping

import pytest

from accounts.counters import Limit, MemoryCounters, Tally
from accounts.limits import Limiter
from runtime.circuit_breaker import TIMEOUT

TWO = Limit("places:user:7", 2, 60_000)
ALL = Limit("places:192.0.2.7", 3, 60_000)


class Shared(MemoryCounters):
    """The counters of all pods, which a test can make fail (`down`) or hang (`hung`)."""

    def __init__(self) -> None:
        super().__init__()
        self.down = False
        self.hung = False
        self.calls = 0

    async def add(self, events: Mapping[Limit, int]) -> dict[Limit, Tally]:
        self.calls += 1
        if self.hung:
            await asyncio.sleep(30)
        if self.down:
            raise ConnectionError
        return await super().add(events)


def admitted(waits: list[int]) -> list[bool]:
    return [wait == 0 for wait in waits]


async def test_requests_pass_up_to_the_limit_and_in_order() -> None:
    waits = await Limiter().admit([[TWO]] * 3)
    assert admitted(waits) == [True, True, False]
    assert 59_000 < waits[2] <= 60_001


async def test_requests_count_over_several_calls() -> None:
    limiter = Limiter()
    assert admitted(await limiter.admit([[TWO]])) == [True]
    assert admitted(await limiter.admit([[TWO], [TWO]])) == [True, False]


async def test_each_limit_has_to_admit() -> None:
    other = TWO._replace(key="places:user:8")
    waits = await Limiter().admit([[TWO, ALL], [TWO, ALL], [other, ALL], [other, ALL], [other]])
    assert admitted(waits) == [True, True, True, False, False]


async def test_a_period_ends() -> None:
    limiter = Limiter()
    short = TWO._replace(period_ms=50)
    waits = await limiter.admit([[short]] * 3)
    await asyncio.sleep(waits[2] / 1000)
    assert admitted(await limiter.admit([[short]])) == [True]


async def test_a_request_without_a_limit_is_not_counted() -> None:
    shared = Shared()
    assert await Limiter(shared).admit([[], []]) == [0, 0]
    assert shared.calls == 0


async def test_pods_count_together() -> None:
    shared = Shared()
    pods = [Limiter(shared) for _ in range(3)]
    waits = [(await pod.admit([[TWO]]))[0] for pod in pods]
    assert admitted(waits) == [True, True, False]


async def test_without_the_others_each_pod_goes_by_its_own_count() -> None:
    shared = Shared()
    limiter = Limiter(shared)
    await limiter.admit([[TWO]])
    shared.down = True
    assert admitted(await limiter.admit([[TWO], [TWO]])) == [True, False]
    calls = shared.calls
    await limiter.admit([[ALL]])
    assert shared.calls == calls, "the shared counters are not called again at once"


async def test_no_request_waits_long_for_the_shared_counts() -> None:
    shared = Shared()
    shared.hung = True
    limiter = Limiter(shared)
    started = asyncio.get_running_loop().time()
    assert admitted(await limiter.admit([[TWO]] * 3)) == [True, True, False]
    for _ in range(20):
        await limiter.admit([[ALL]])
    assert asyncio.get_running_loop().time() - started < 10 * TIMEOUT
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()


@pytest.mark.slow
async def test_memory_is_bounded() -> None:
    counters = MemoryCounters()
    for start in range(0, 60_000, 10_000):
        keys = range(start, start + 10_000)
        await counters.add({Limit(f"k{number}", 1, 60_000): 1 for number in keys})
    assert len(counters._periods) <= 50_000
