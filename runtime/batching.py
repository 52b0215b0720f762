"""Batching of questions that are answered together: a group commit, a group read."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from runtime.tasks import spawn_detached

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class _Waiting(NamedTuple, Generic[Question, Answer]):
    question: Question
    answer: asyncio.Future[Answer]


class Batcher(Generic[Question, Answer]):
    """One batch of work at a time.

    Questions that come while a batch is at work wait for the next one. That begins after they
    were asked, so its answers are as fresh as those of a batch of their own.

    `work` returns an answer for each of at most `max_batch` questions, in their order. An
    exception among the answers is raised for that question; one that `work` raises is raised
    for all of its batch. `on_empty` is called when no question waits any more.
    """

    def __init__(
        self,
        work: Callable[[list[Question]], Awaitable[Sequence[Answer | Exception]]],
        max_batch: int,
        on_empty: Callable[[], object] = lambda: None,
    ) -> None:
        self._work = work
        self._max_batch = max_batch
        self._on_empty = on_empty
        self._queue: deque[_Waiting[Question, Answer]] = deque()
        self._task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """Return the number of questions that wait for the next batch."""
        return len(self._queue)

    def ask(self, question: Question) -> asyncio.Future[Answer]:
        """Put a question into the next batch; return the future answer."""
        waiting = _Waiting[Question, Answer](question, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        if self._task is None:
            self._task = spawn_detached(self._answer_all())
        return waiting.answer

    async def finish(self) -> None:
        """Wait until every question is answered."""
        if self._task is not None:
            await self._task

    async def _answer_all(self) -> None:
        try:
            while self._queue:
                size = min(len(self._queue), self._max_batch)
                await self._answer([self._queue.popleft() for _ in range(size)])
        finally:
            self._task = None
            self._on_empty()

    async def _answer(self, batch: list[_Waiting[Question, Answer]]) -> None:
        answers: Sequence[Answer | Exception]
        try:
            answers = await self._work([each.question for each in batch])
        except Exception as error:  # of any kind: a future without an answer would wait for ever
            answers = [error] * len(batch)
        for each, answer in zip(batch, answers, strict=True):
            if each.answer.cancelled():  # its request was cancelled; the work is done all the same
                continue
            if isinstance(answer, Exception):
                each.answer.set_exception(answer)
            else:
                each.answer.set_result(answer)
