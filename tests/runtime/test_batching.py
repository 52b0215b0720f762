"""Batcher of work: many ask, few reads are made, and each has an answer of its own time."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextvars import ContextVar

import pytest

from runtime.batching import Batcher
from runtime.threads import in_database
from tests.canvas.helpers import eventually

MOST = 20

_served: ContextVar[str] = ContextVar("served", default="nobody")


class Source:
    """What is read: answers each question with itself and the version that holds."""

    def __init__(self) -> None:
        self.version = 1
        self.reads: list[list[str]] = []
        self.go_on = threading.Event()
        self.go_on.set()
        self.fault: Exception | None = None

    def read(self, questions: Sequence[str]) -> list[str]:
        self.reads.append(list(questions))
        answers = [f"{question} {self.version}" for question in questions]
        assert self.go_on.wait(10)
        if self.fault:
            raise self.fault
        return answers


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def batcher(source: Source) -> Batcher[str, str]:
    return reading(source.read)


def reading(read: Callable[[Sequence[str]], Sequence[str]]) -> Batcher[str, str]:
    """A read of the database is the work of each turn."""

    async def work(questions: Sequence[str]) -> Sequence[str]:
        return await in_database(read, questions)

    return Batcher(work, MOST)


Asking = asyncio.Future[str]


async def under_way(source: Source, batcher: Batcher[str, str]) -> Asking:
    """A read that has begun and does not end before `go_on`."""
    source.go_on.clear()
    asking = batcher.ask("first")
    await eventually(lambda: source.reads == [["first"]])
    return asking


async def test_those_who_ask_together_share_a_read(
    source: Source, batcher: Batcher[str, str]
) -> None:
    answers = await asyncio.gather(*(batcher.ask(name) for name in "abb"))
    assert (answers, source.reads) == (["a 1", "b 1", "b 1"], [["a", "b", "b"]])


async def test_who_asks_during_a_read_has_the_next(
    source: Source, batcher: Batcher[str, str]
) -> None:
    """The read under way may have looked already: what changed since would be missed."""
    first = await under_way(source, batcher)
    source.version = 2
    later = [batcher.ask(name) for name in "ab"]
    await asyncio.sleep(0)
    source.go_on.set()
    assert await asyncio.gather(first, *later) == ["first 1", "a 2", "b 2"]
    assert source.reads == [["first"], ["a", "b"]]


async def test_a_crowd_is_read_in_parts(source: Source, batcher: Batcher[str, str]) -> None:
    names = [str(number) for number in range(MOST * 2 + 1)]
    answers = await asyncio.gather(*(batcher.ask(name) for name in names))
    assert answers == [f"{name} 1" for name in names]
    assert [len(read) for read in source.reads] == [MOST, MOST, 1]


async def test_all_who_asked_hear_of_a_fault_and_the_next_read_works(
    source: Source, batcher: Batcher[str, str]
) -> None:
    source.fault = ValueError("out of order")
    asking = [batcher.ask(name) for name in "ab"]
    assert await asyncio.gather(*asking, return_exceptions=True) == [source.fault] * 2
    source.fault = None
    assert await batcher.ask("c") == "c 1"


async def test_who_goes_away_does_not_keep_the_others_waiting(
    source: Source, batcher: Batcher[str, str]
) -> None:
    first = await under_way(source, batcher)
    gone, stays = [batcher.ask(name) for name in "ab"]
    await asyncio.sleep(0)
    for task in (first, gone):
        task.cancel()
    source.go_on.set()
    assert await stays == "b 1"


async def test_a_read_is_put_down_to_nobody_who_asked() -> None:
    """What it logs would else carry the number of the one who came first."""
    batcher = reading(lambda questions: [_served.get()] * len(questions))
    _served.set("the first")
    first, second = await asyncio.gather(batcher.ask("a"), batcher.ask("b"))
    assert first == second == "nobody"
