"""Costly work is done by one thread at a time; the others wait in bounds."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from prometheus_client import Counter

from runtime import slots
from runtime.errors import Refused
from runtime.slots import Slot

refused = Counter("test_slots_refused", "those that were sent away", registry=None)


def slot_of(waiting: int, patience: float) -> Slot:
    return Slot(refused, lambda: Refused("full"), waiting, patience)


def test_one_works_after_the_other() -> None:
    slot, at_work, most = slot_of(waiting=9, patience=10), [0], [0]

    def work(_number: int) -> None:
        with slot.turn():
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
            at_work[0] -= 1

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(work, range(10)))
    assert most == [1]


def test_who_waits_too_long_goes() -> None:
    slot = slot_of(waiting=1, patience=0.05)
    with slot.turn(), pytest.raises(Refused), slot.turn():
        pass


def test_so_many_wait_and_one_more_goes_at_once() -> None:
    slot, go_on, inside = slot_of(waiting=2, patience=10), Event(), Event()

    def work() -> None:
        with slot.turn():
            inside.set()
            assert go_on.wait(10)

    with ThreadPoolExecutor(3) as pool:
        tasks = [pool.submit(work) for _ in range(3)]
        assert inside.wait(10)
        with pytest.raises(Refused):
            for _ in range(1000):  # the two others may not wait yet
                with slot.turn():
                    pass
        go_on.set()
        for task in tasks:
            task.result(10)
    with slot.turn():
        pass


def test_a_fault_leaves_the_place_free() -> None:
    slot = slot_of(waiting=0, patience=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), slot.turn():
            raise ZeroDivisionError


def test_nobody_holds_a_connection_who_waits_or_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others need them: those who wait are many, and the work before may take seconds."""
    given_back: list[str] = []
    state = "while it waits"
    monkeypatch.setattr(slots, "give_back_connection", lambda: given_back.append(state))
    slot = slot_of(waiting=1, patience=0.05)
    with slot.turn():
        with pytest.raises(Refused), slot.turn():
            pass
        assert given_back == ["while it waits"] * 2
        state = "after the work"
    assert given_back[2:] == ["after the work"]
