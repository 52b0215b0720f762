"""Reads that many ask for at once: a crowd costs the database, and the threads, a few."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from canvas.tasks import apart
from canvas.threads import in_database

MAX_TOGETHER = 200  # questions a read: the first of a crowd need not wait for the last

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class _Waiting(NamedTuple, Generic[Question, Answer]):
    question: Question
    answer: asyncio.Future[Answer]


class SharedRead(Generic[Question, Answer]):
    """One read at a time. Those who ask while it runs share the next, which begins after they
    asked: so it misses nothing that a read of their own would find.

    `read` blocks, and has an answer for each question, in their order.
    """

    def __init__(self, read: Callable[[Sequence[Question]], Sequence[Answer]]) -> None:
        self._read = read
        self._queue: deque[_Waiting[Question, Answer]] = deque()
        self._task: asyncio.Task[None] | None = None

    async def ask(self, question: Question) -> Answer:
        """Raise what the read raises."""
        waiting = _Waiting[Question, Answer](question, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        if self._task is None:
            self._task = apart(self._answer_all())
        return await waiting.answer

    async def _answer_all(self) -> None:
        try:
            while self._queue:
                size = min(len(self._queue), MAX_TOGETHER)
                await self._answer([self._queue.popleft() for _ in range(size)])
        finally:
            self._task = None

    async def _answer(self, asked: list[_Waiting[Question, Answer]]) -> None:
        try:
            answers = await in_database(self._read, [each.question for each in asked])
        except Exception as error:  # whatever it was, those who wait must hear of it
            for each in asked:
                if not each.answer.cancelled():
                    each.answer.set_exception(error)
            return
        for each, answer in zip(asked, answers, strict=True):
            if not each.answer.cancelled():  # whoever asked may have gone
                each.answer.set_result(answer)
