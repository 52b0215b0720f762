"""The board's way around Django: all people fetch it when they come, thousands of them at once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from django.db import Error as DatabaseError

from accounts.hosts import is_ordinary
from canvas.domain import parsing
from canvas.domain.region import PART_FIELDS
from canvas.http.transfers import Transfers
from canvas.pod.pod import Pod, current_pod
from canvas.protocol import extensions
from runtime.answers import Answer, respond
from runtime.errors import Refused

PATH = "/api/canvas/board"
transfers = Transfers()

Application = Callable[[Any, Any, Any], Awaitable[None]]


class BoardFastPath:
    """ASGI middleware that sends a board from memory, on the event loop.

    Django answers in a thread, behind middleware that looks for sessions and static files: several
    milliseconds a request, of which this one needs nothing. A request that is refused goes on to
    Django, where `canvas.http.api` says why; so does one with a wrong host, or without HTTPS, and
    one for a part of the board, which few ask for.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        pod = current_pod.get()
        is_asked = scope["path"] == PATH and scope["method"] == "GET"
        if pod is not None and is_asked and is_ordinary(scope):
            try:
                answer = await board_answer(pod, scope)
            except (Refused, DatabaseError):
                answer = None
            if answer is not None:
                with transfers.sending(answer.body, abort_of(scope)):
                    await respond(answer, send)
                return
        await self._application(scope, receive, send)


async def board_answer(pod: Pod, scope: dict[str, Any]) -> Answer | None:
    """Return the answer with the whole board; None where a part is asked for."""
    query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    if any(field in query for field in PART_FIELDS):
        return None
    copy = await pod.board_cache.newest(parsing.parse_slug(query.get("canvas", [None])[-1]))
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    wanted = headers.get(b"if-none-match"), headers.get(b"accept-encoding", "")
    if copy.is_packed:
        return copy.answer(*wanted)
    return await asyncio.to_thread(copy.answer, *wanted)  # it may have to be compressed first


def abort_of(scope: dict[str, Any]) -> Callable[[], None]:
    """Return what ends the connection of a request; under another server than ours nothing does."""
    extension = scope.get("extensions", {}).get(extensions.ABORT, {})
    abort: Callable[[], None] = extension.get("abort", lambda: None)
    return abort
