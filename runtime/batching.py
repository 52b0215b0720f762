"""What many ask for, done for all of them at once: a group commit, a group read."""

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
    """One turn of work at a time. Those who ask while it runs share the next, which begins after
    they asked: so it misses nothing that a turn of their own would find.

    `work` has an answer for each of at most `most` questions, in their order; an exception among
    them is raised for that one, and an exception of its own for all. `on_empty` is called when
    nobody waits any more.
    """

    def __init__(
        self,
        work: Callable[[list[Question]], Awaitable[Sequence[Answer | Exception]]],
        most: int,
        on_empty: Callable[[], object] = lambda: None,
    ) -> None:
        self._work = work
        self._most = most
        self._on_empty = on_empty
        self._queue: deque[_Waiting[Question, Answer]] = deque()
        self._task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """How many wait for the next turn."""
        return len(self._queue)

    def ask(self, question: Question) -> asyncio.Future[Answer]:
        waiting = _Waiting[Question, Answer](question, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        if self._task is None:
            self._task = spawn_detached(self._answer_all())
        return waiting.answer

    async def finish(self) -> None:
        """Wait until nobody waits."""
        if self._task is not None:
            await self._task

    async def _answer_all(self) -> None:
        try:
            while self._queue:
                size = min(len(self._queue), self._most)
                await self._answer([self._queue.popleft() for _ in range(size)])
        finally:
            self._task = None
            self._on_empty()

    async def _answer(self, asked: list[_Waiting[Question, Answer]]) -> None:
        answers: Sequence[Answer | Exception]
        try:
            answers = await self._work([each.question for each in asked])
        except Exception as error:  # whatever it was, those who wait must hear of it
            answers = [error] * len(asked)
        for each, answer in zip(asked, answers, strict=True):
            if each.answer.cancelled():  # whoever asked has gone; the work is done all the same
                continue
            if isinstance(answer, Exception):
                each.answer.set_exception(answer)
            else:
                each.answer.set_result(answer)
