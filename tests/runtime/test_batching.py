"""Batching: many questions, few reads, and answers that are fresh for each question."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextvars import ContextVar

import pytest

from runtime.batching import Batcher
from runtime.threads import in_database
from tests.canvas.helpers import eventually

MAX_BATCH = 20

_served: ContextVar[str] = ContextVar("served", default="no request")


class Source:
    """A store that answers each question with its text and the present version."""

    def __init__(self) -> None:
        self.version = 1
        self.reads: list[list[str]] = []
        self.go_on = threading.Event()
        self.go_on.set()
        self.fault: Exception | None = None

    def read(self, questions: Sequence[str]) -> list[str]:
        answers = [f"{question} {self.version}" for question in questions]
        self.reads.append(list(questions))  # last: a test that sees it may change the version
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
    """Return a batcher that reads in a database thread."""

    async def work(questions: Sequence[str]) -> Sequence[str]:
        return await in_database(read, questions)

    return Batcher(work, MAX_BATCH)


Asking = asyncio.Future[str]


async def under_way(source: Source, batcher: Batcher[str, str]) -> Asking:
    """Begin a read that does not end before `go_on`."""
    source.go_on.clear()
    asking = batcher.ask("first")
    await eventually(lambda: source.reads == [["first"]])
    return asking


async def test_questions_at_the_same_time_share_a_read(
    source: Source, batcher: Batcher[str, str]
) -> None:
    answers = await asyncio.gather(*(batcher.ask(name) for name in "abb"))
    assert (answers, source.reads) == (["a 1", "b 1", "b 1"], [["a", "b", "b"]])


async def test_a_question_during_a_read_gets_the_next(
    source: Source, batcher: Batcher[str, str]
) -> None:
    """The read under way may miss a change that came before the question."""
    first = await under_way(source, batcher)
    source.version = 2
    later = [batcher.ask(name) for name in "ab"]
    await asyncio.sleep(0)
    source.go_on.set()
    assert await asyncio.gather(first, *later) == ["first 1", "a 2", "b 2"]
    assert source.reads == [["first"], ["a", "b"]]


async def test_a_crowd_is_read_in_parts(source: Source, batcher: Batcher[str, str]) -> None:
    names = [str(number) for number in range(MAX_BATCH * 2 + 1)]
    answers = await asyncio.gather(*(batcher.ask(name) for name in names))
    assert answers == [f"{name} 1" for name in names]
    assert [len(read) for read in source.reads] == [MAX_BATCH, MAX_BATCH, 1]


async def test_a_fault_fails_its_batch_and_the_next_read_works(
    source: Source, batcher: Batcher[str, str]
) -> None:
    source.fault = ValueError("out of order")
    asking = [batcher.ask(name) for name in "ab"]
    assert await asyncio.gather(*asking, return_exceptions=True) == [source.fault] * 2
    source.fault = None
    assert await batcher.ask("c") == "c 1"


async def test_a_cancelled_question_does_not_hold_up_the_others(
    source: Source, batcher: Batcher[str, str]
) -> None:
    first = await under_way(source, batcher)
    gone, stays = [batcher.ask(name) for name in "ab"]
    await asyncio.sleep(0)
    for task in (first, gone):
        task.cancel()
    source.go_on.set()
    assert await stays == "b 1"


async def test_a_read_has_the_context_of_no_request() -> None:
    """Otherwise its log lines would have the id of the first request."""
    batcher = reading(lambda questions: [_served.get()] * len(questions))
    _served.set("the first")
    first, second = await asyncio.gather(batcher.ask("a"), batcher.ask("b"))
    assert first == second == "no request"
