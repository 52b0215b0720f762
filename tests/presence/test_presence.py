"""Two pods that share their leases, and the people that each broadcasts."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any, ClassVar

import pytest

from presence import service
from presence.crowd import People
from presence.lease_format import MAX_POD_ID
from presence.leases import MemoryLeases, Unreachable
from presence.roster import Lease
from presence.service import (
    DEBOUNCE,
    LEASE_COST,
    MAX_PODS,
    NAMES_AT_ONCE,
    PODS_AT_ONCE,
    RETRY_INTERVAL,
    SWEEP_INTERVAL,
    Presence,
)
from runtime.tasks import end, supervise
from tests.canvas.helpers import eventually


class Shared(MemoryLeases):
    """Leases that several pods share; while `away` they cannot be reached."""

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

    async def search(self, cursor: int) -> tuple[set[str], int]:
        self._reach()
        return await super().search(cursor)

    def _reach(self) -> None:
        if self.away:
            raise Unreachable


class Pod:
    """A pod's presence, and all that it has broadcast."""

    def __init__(self, name: str, leases: Shared, pods: list["Pod"]) -> None:
        self.broadcasts: list[People] = []
        self.completeness = [True]  # each value that it had
        self.presence = Presence(
            name, leases, self._announce, self.broadcasts.append, self._note_completeness, "Guest-"
        )
        self._name = name
        self._pods = pods
        pods.append(self)

    def _announce(self) -> None:
        for pod in self._pods:
            pod.presence.lease_changed(self._name)

    def _note_completeness(self) -> None:
        if self.presence.is_complete != self.completeness[-1]:
            self.completeness.append(self.presence.is_complete)

    @property
    def count(self) -> int:
        return self.broadcasts[-1].count if self.broadcasts else 0

    @property
    def listed(self) -> list[str]:
        return list(self.broadcasts[-1].names)


def person(name: str) -> tuple[str, str]:
    """The id and the name of a person."""
    return f"id of {name}", name


def sharing() -> tuple[Shared, Pod, Pod]:
    """Two pods and the leases that they share."""
    leases = Shared()
    pods: list[Pod] = []
    return leases, Pod("one", leases, pods), Pod("two", leases, pods)


@asynccontextmanager
async def running(*pods: Pod) -> AsyncIterator[None]:
    loops: list[Callable[[], Any]] = []
    for pod in pods:
        loops += [pod.presence.renew_lease, pod.presence.broadcast_changes, pod.presence.discover]
    tasks = [supervise(loop) for loop in loops]
    try:
        yield
    finally:
        await end(*tasks)


async def settle() -> None:
    await asyncio.sleep(3 * DEBOUNCE)


@pytest.mark.slow
async def test_both_pods_broadcast_the_people_of_both() -> None:
    _leases, one, two = sharing()
    async with running(one, two):
        one.presence.enter(*person("Alice"))
        two.presence.enter(*person("Bob"))
        two.presence.enter(*person("Alice"))
        await settle()
        assert (one.count, two.count) == (2, 2)
        assert one.listed == ["Alice", "Bob"]
        two.presence.leave("id of Bob")
        await settle()
        assert (one.count, two.count) == (1, 1)


@pytest.mark.slow
async def test_a_pod_that_was_never_heard_of_is_found() -> None:
    leases = Shared()
    await leases.write("silent", Lease(1, ("Carol",)))
    pod = Pod("one", leases, [])
    async with running(pod):
        pod.presence.enter(*person("Alice"))
        await settle()
        assert pod.listed == ["Alice", "Carol"]


@pytest.mark.slow
async def test_a_released_lease_counts_no_longer() -> None:
    _leases, one, two = sharing()
    two.presence.enter(*person("Bob"))
    async with running(one):
        async with running(two):
            await settle()
            assert one.count == 1
        await two.presence.release()
        await settle()
        assert one.count == 0
        assert one.presence.others() == [], "nobody asks for it again"


async def test_a_pod_without_a_lease_is_not_asked_for_again() -> None:
    pod = Pod("one", Shared(), [])
    await pod.presence._take_in(["two"], {"two": Lease(1, ("Bob",))})
    assert pod.presence.others() == ["two"]
    await pod.presence._take_in(["two"], {})
    assert (pod.presence.others(), pod.presence.everyone().count) == ([], 0)


@pytest.mark.slow
async def test_without_leases_a_pod_broadcasts_its_own_people_alone() -> None:
    leases, one, two = sharing()
    one.presence.enter(*person("Alice"))
    two.presence.enter(*person("Bob"))
    async with running(one, two):
        await settle()
        leases.away = True
        one.presence.enter(*person("Carol"))
        one.presence.lease_changed("two")
        await settle()
        assert one.listed == ["Alice", "Carol"]
        leases.away = False
        one.presence.recover()
        await settle()
        assert one.listed == ["Alice", "Bob", "Carol"]


@pytest.mark.slow
async def test_a_crash_is_noticed_although_others_keep_coming() -> None:
    leases, one, two = sharing()
    two.presence.enter(*person("Bob"))
    async with running(one):
        async with running(two):
            await settle()
            assert one.count == 1
        await leases.release("two")  # it ran out, without an announcement
        for number in range(round((SWEEP_INTERVAL + 3 * DEBOUNCE) / DEBOUNCE)):
            one.presence.enter(*person(f"Guest-{number}"))
            await asyncio.sleep(DEBOUNCE)
        assert "Bob" not in one.listed


@pytest.mark.slow
async def test_a_failed_write_is_reported_and_tried_again() -> None:
    leases = Shared()
    pod = Pod("one", leases, [])
    async with running(pod):
        await settle()
        leases.away = True
        pod.presence.enter(*person("Alice"))
        await settle()
        assert pod.completeness == [True, False]
        leases.away = False  # without a notice to the pod
        await asyncio.sleep(RETRY_INTERVAL + DEBOUNCE)
        assert pod.completeness == [True, False, True]
        assert await leases.read(["one"]) == {"one": Lease(1, ("Alice",), ("id of Alice",))}


@pytest.mark.slow
async def test_many_changes_are_few_writes_and_broadcasts() -> None:
    leases = Shared()
    pod = Pod("one", leases, [])
    async with running(pod):
        for number in range(100):
            pod.presence.enter(*person(f"Guest-{number}"))
            await asyncio.sleep(0.01)
        await settle()
        assert pod.count == 100
        assert leases.writes <= 6
        assert len(pod.broadcasts) <= 6


@pytest.mark.slow
async def test_another_name_is_broadcast_once() -> None:
    _leases, one, two = sharing()
    async with running(one, two):
        one.presence.enter(*person("Guest-1A2B3C4D"))
        await settle()
        for _ in range(3):
            one.presence.rename("id of Guest-1A2B3C4D", "Alice")
        await settle()
        assert (two.count, two.listed) == (1, ["Alice"])
        assert [each.names for each in one.broadcasts[-2:]] == [("Guest-1A2B3C4D",), ("Alice",)]


# --- bounds


def most_at_once(pod: Pod) -> int:
    """Return the most people that one broadcast had more than the one before."""
    counts = [each.count for each in pod.broadcasts]
    return max(after - before for before, after in pairwise([0, *counts]))


@pytest.mark.slow
async def test_of_many_names_so_many_are_read_between_two_broadcasts() -> None:
    leases = Shared()
    for other in range(60):
        ids = tuple(f"{other}-{number}" for number in range(500))
        await leases.write(f"pod-{other}", Lease(500, ids, ids))
    pod = Pod("one", leases, [])
    async with running(pod):
        await eventually(lambda: pod.count == 30_000, seconds=30)
    assert most_at_once(pod) < NAMES_AT_ONCE + 500 * PODS_AT_ONCE


@pytest.mark.slow
async def test_a_lease_without_names_counts_for_some() -> None:
    leases = Shared()
    most = NAMES_AT_ONCE // LEASE_COST
    for other in range(3 * most):
        await leases.write(f"pod-{other}", Lease(1, ()))
    pod = Pod("one", leases, [])
    async with running(pod):
        await eventually(lambda: pod.count == 3 * most, seconds=30)
    assert most_at_once(pod) < most + PODS_AT_ONCE


@pytest.mark.slow
async def test_beyond_so_many_names_people_are_counted_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service, "MAX_NAMED", 1_000)
    leases = Shared()
    for other in range(5):
        ids = tuple(f"{other}-{number}" for number in range(400))
        await leases.write(f"pod-{other}", Lease(400, ids, ids))
    pod = Pod("one", leases, [])
    async with running(pod):
        await eventually(lambda: pod.count == 2_000, seconds=30)
    named = [len(lease.usernames) for lease in pod.presence.leases().values()]
    assert sorted(named) == [0, 0, 0, 0, 400, 400]


@pytest.mark.slow
@pytest.mark.parametrize("lie", [Lease(1_000_000, ()), Lease(0, tuple(map(str, range(900))))])
async def test_leases_without_a_signature_stand_for_so_many_people_together(
    lie: Lease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MAX_UNSIGNED", 500)
    leases = Shared()
    await leases.write("ours", Lease(800, (), is_signed=True))
    for number in range(3):
        await leases.write(f"liar-{number}", lie)
    pod = Pod("one", leases, [])
    async with running(pod):
        await eventually(lambda: pod.count == 1_300, seconds=30)
        assert pod.presence.unsigned == 500
        for number in range(3):
            await leases.release(f"liar-{number}")
        await leases.write("foreign", Lease(7, ("Nora",)))
        pod.presence.recover()
        await eventually(lambda: pod.count == 807, seconds=30)


@pytest.mark.slow
async def test_a_search_goes_on_where_a_step_failed() -> None:
    class Stepwise(Shared):
        """Leases whose search takes five steps, the third of which fails once."""

        steps: ClassVar[list[int]] = []

        async def search(self, cursor: int) -> tuple[set[str], int]:
            self.steps.append(cursor)
            if self.steps == [0, 1, 2]:
                raise Unreachable
            return {f"pod-{cursor}"}, (cursor + 1) % 5

    leases = Stepwise()
    for number in range(5):
        await leases.write(f"pod-{number}", Lease(1, (f"name-{number}",)))
    pod = Pod("one", leases, [])
    async with running(pod):
        await eventually(lambda: pod.count == 5, seconds=20)
        assert leases.steps == [0, 1, 2, 2, 3, 4]
        assert pod.completeness == [True, False, True]


def test_no_more_pods_are_known_than_the_bound() -> None:
    pod = Pod("one", Shared(), [])
    for number in range(MAX_PODS + 10):
        pod.presence.lease_changed(f"pod-{number}")
    assert pod.presence.pods_ignored == 10


def test_a_pod_whose_id_is_longer_than_any_is_not_known() -> None:
    pod = Pod("one", Shared(), [])
    pod.presence.lease_changed("p" * (MAX_POD_ID + 1))
    assert pod.presence.pods_ignored == 1
