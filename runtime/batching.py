"""Batching of questions that are answered together: a group commit, a group read."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from math import inf
from typing import Generic, NamedTuple, TypeVar

from runtime.tasks import spawn_detached

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class _Waiting(NamedTuple, Generic[Question, Answer]):
    question: Question
    answer: asyncio.Future[Answer]
    asked_at: float


class Batcher(Generic[Question, Answer]):
    """One batch of work at a time.

    Questions that come while a batch is at work wait for the next one. That begins after they
    were asked, so its answers are as fresh as those of a batch of their own.

    `work` returns an answer for each of at most `max_batch` questions, in their order. An
    exception among the answers is raised for that question; one that `work` raises is raised
    for all of its batch. `on_empty` is called when no question waits any more.

    A question that has waited for `patience` seconds when its batch would begin gets the exception
    that `late` returns, and one that was cancelled by then is left out: no work is done for them.
    """

    def __init__(
        self,
        work: Callable[[list[Question]], Awaitable[Sequence[Answer | Exception]]],
        max_batch: int,
        on_empty: Callable[[], object] = lambda: None,
        *,
        patience: float = inf,
        late: Callable[[], Exception] = TimeoutError,
    ) -> None:
        self._work = work
        self._max_batch = max_batch
        self._on_empty = on_empty
        self._patience = patience
        self._late = late
        self._queue: deque[_Waiting[Question, Answer]] = deque()
        self._task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """Return the number of questions that wait for the next batch."""
        return len(self._queue)

    def ask(self, question: Question) -> asyncio.Future[Answer]:
        """Put a question into the next batch; return the future answer."""
        answer = asyncio.get_running_loop().create_future()
        waiting = _Waiting[Question, Answer](question, answer, time.monotonic())
        self._queue.append(waiting)
        if self._task is None:
            self._task = spawn_detached(self._answer_all())
        return waiting.answer

    async def finish(self) -> None:
        """Wait until every question is answered."""
        if self._task is not None:
            await asyncio.shield(self._task)

    def abandon(self) -> None:
        """Give up the questions that wait: they are late. A batch at work goes on."""
        while self._queue:
            self._refuse(self._queue.popleft())

    async def _answer_all(self) -> None:
        try:
            while self._queue:
                if batch := self._next_batch():
                    await self._answer(batch)
        finally:
            self._task = None
            self._on_empty()

    def _next_batch(self) -> list[_Waiting[Question, Answer]]:
        batch: list[_Waiting[Question, Answer]] = []
        oldest = time.monotonic() - self._patience
        while self._queue and len(batch) < self._max_batch:
            waiting = self._queue.popleft()
            if waiting.asked_at < oldest:
                self._refuse(waiting)
            elif not waiting.answer.done():
                batch.append(waiting)
        return batch

    def _refuse(self, waiting: _Waiting[Question, Answer]) -> None:
        if not waiting.answer.done():
            waiting.answer.set_exception(self._late())

    async def _answer(self, batch: list[_Waiting[Question, Answer]]) -> None:
        answers: Sequence[Answer | Exception]
        try:
            answers = await self._work([each.question for each in batch])
        except Exception as error:  # of any kind: a future without an answer would wait for ever
            answers = [error] * len(batch)
        for each, answer in zip(batch, answers, strict=True):
            if each.answer.done():  # it was cancelled while the work was done
                continue
            if isinstance(answer, Exception):
                each.answer.set_exception(answer)
            else:
                each.answer.set_result(answer)
