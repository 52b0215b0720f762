"""Costly work is done by one thread at a time; the others wait in bounds."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from runtime.one_at_a_time import Crowded, OneAtATime


def test_one_works_after_the_other() -> None:
    desk, at_work, most = OneAtATime(waiting=9, patience=10), [0], [0]

    def work(_number: int) -> None:
        with desk.turn():
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
            at_work[0] -= 1

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(work, range(10)))
    assert most == [1]


def test_who_waits_too_long_goes() -> None:
    desk = OneAtATime(waiting=1, patience=0.05)
    with desk.turn(), pytest.raises(Crowded), desk.turn():
        pass


def test_so_many_wait_and_one_more_goes_at_once() -> None:
    desk, go_on, inside = OneAtATime(waiting=2, patience=10), Event(), Event()

    def work() -> None:
        with desk.turn():
            inside.set()
            assert go_on.wait(10)

    with ThreadPoolExecutor(3) as pool:
        tasks = [pool.submit(work) for _ in range(3)]
        assert inside.wait(10)
        with pytest.raises(Crowded):
            for _ in range(1000):  # the two others may not wait yet
                with OneAtATime.turn(desk):
                    pass
        go_on.set()
        for task in tasks:
            task.result(10)
    with desk.turn():
        pass


def test_a_fault_leaves_the_place_free() -> None:
    desk = OneAtATime(waiting=0, patience=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), desk.turn():
            raise ZeroDivisionError
