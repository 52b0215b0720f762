"""Two pods that share their leases, and what each tells its own people."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

from presence.leases import MemoryLeases, Unreachable
from presence.roster import Lease, People
from presence.service import GATHER, RETRY, SWEEP, Presence
from runtime.tasks import end, supervise


class Shared(MemoryLeases):
    """Leases that several pods reach, or nobody while `away`."""

    def __init__(self) -> None:
        super().__init__()
        self.away = False
        self.writes = 0

    async def write(self, pod_id: str, lease: Lease) -> None:
        self._reach()
        self.writes += 1
        await super().write(pod_id, lease)

    async def read(self, pod_ids: Iterable[str]) -> dict[str, Lease]:
        self._reach()
        return await super().read(pod_ids)

    async def pods(self) -> set[str]:
        self._reach()
        return await super().pods()

    def _reach(self) -> None:
        if self.away:
            raise Unreachable


class Pod:
    """A pod's presence, and the people that its sockets were told of."""

    def __init__(self, name: str, leases: Shared, pods: list["Pod"]) -> None:
        self.told: list[People] = []
        self.whole = [True]  # each time that it changed
        self.presence = Presence(
            name, leases, self._announce, self.told.append, self._note_whether_whole
        )
        self._name = name
        self._pods = pods
        pods.append(self)

    def _announce(self) -> None:
        for pod in self._pods:
            pod.presence.heard(self._name)

    def _note_whether_whole(self) -> None:
        if self.presence.whole != self.whole[-1]:
            self.whole.append(self.presence.whole)

    @property
    def count(self) -> int:
        return self.told[-1].count if self.told else 0

    @property
    def listed(self) -> list[str]:
        return list(self.told[-1].names)


def sharing() -> tuple[Shared, Pod, Pod]:
    """Two pods and the leases that they share."""
    leases = Shared()
    pods: list[Pod] = []
    return leases, Pod("one", leases, pods), Pod("two", leases, pods)


@asynccontextmanager
async def running(*pods: Pod) -> AsyncIterator[None]:
    loops: list[Callable[[], Any]] = []
    for pod in pods:
        loops += [pod.presence.keep_lease, pod.presence.keep_told, pod.presence.discover]
    tasks = [supervise(loop) for loop in loops]
    try:
        yield
    finally:
        await end(*tasks)


async def settle() -> None:
    await asyncio.sleep(3 * GATHER)


async def test_both_pods_tell_of_everyone() -> None:
    _leases, one, two = sharing()
    async with running(one, two):
        one.presence.enter("Alice")
        two.presence.enter("Bob")
        two.presence.enter("Alice")
        await settle()
        assert (one.count, two.count) == (2, 2)
        assert one.listed == ["Alice", "Bob"]
        two.presence.leave("Bob")
        await settle()
        assert (one.count, two.count) == (1, 1)


async def test_a_pod_that_was_never_heard_of_is_found() -> None:
    leases = Shared()
    await leases.write("silent", Lease(1, ("Carol",)))
    pod = Pod("one", leases, [])
    async with running(pod):
        pod.presence.enter("Alice")
        await settle()
        assert pod.listed == ["Alice", "Carol"]


async def test_a_pod_that_says_goodbye_is_gone_at_once() -> None:
    _leases, one, two = sharing()
    two.presence.enter("Bob")
    async with running(one):
        async with running(two):
            await settle()
            assert one.count == 1
        await two.presence.release()
        await settle()
        assert one.count == 0


async def test_alone_a_pod_tells_of_its_own_people_and_then_of_everyone_again() -> None:
    leases, one, two = sharing()
    one.presence.enter("Alice")
    two.presence.enter("Bob")
    async with running(one, two):
        await settle()
        leases.away = True
        one.presence.enter("Carol")
        one.presence.heard("two")
        await settle()
        assert one.listed == ["Alice", "Carol"]
        leases.away = False
        one.presence.recover()
        await settle()
        assert one.listed == ["Alice", "Bob", "Carol"]


async def test_a_crash_is_noticed_although_others_keep_coming() -> None:
    leases, one, two = sharing()
    two.presence.enter("Bob")
    async with running(one):
        async with running(two):
            await settle()
            assert one.count == 1
        await leases.release("two")  # it ran out: nobody says so
        for number in range(round((SWEEP + 3 * GATHER) / GATHER)):
            one.presence.enter(f"Guest-{number}")
            await asyncio.sleep(GATHER)
        assert "Bob" not in one.listed


async def test_leases_that_cannot_be_written_are_told_and_tried_again() -> None:
    leases = Shared()
    pod = Pod("one", leases, [])
    async with running(pod):
        await settle()
        leases.away = True
        pod.presence.enter("Alice")
        await settle()
        assert pod.whole == [True, False]
        leases.away = False  # and nobody tells the pod
        await asyncio.sleep(RETRY + GATHER)
        assert pod.whole == [True, False, True]
        assert await leases.read(["one"]) == {"one": Lease(1, ("Alice",))}


async def test_a_crowd_that_comes_and_goes_is_gathered() -> None:
    leases = Shared()
    pod = Pod("one", leases, [])
    async with running(pod):
        for number in range(100):
            pod.presence.enter(f"Guest-{number}")
            await asyncio.sleep(0.01)
        await settle()
        assert pod.count == 100
        assert leases.writes <= 6
        assert len(pod.told) <= 6
