"""The board's way around Django: all people fetch it when they come, thousands of them at once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from django.db import Error as DatabaseError

from accounts.hosts import is_ordinary
from canvas.domain import parsing
from canvas.pod.board_cache import Answer
from canvas.pod.pod import Pod, current_pod
from runtime.errors import Refused

PATH = "/api/canvas/board"

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


class BoardFastPath:
    """ASGI middleware that sends a board from memory, on the event loop.

    Django answers in a thread, behind middleware that looks for sessions and static files: several
    milliseconds a request, of which this one needs nothing. A request that is refused goes on to
    Django, where `canvas.http.api` says why; so does one with a wrong host, or without HTTPS.
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
                pass
            else:
                await respond(answer, send)
                return
        await self._application(scope, receive, send)


async def board_answer(pod: Pod, scope: dict[str, Any]) -> Answer:
    query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    copy = await pod.board_cache.newest(parsing.parse_slug(query.get("canvas", [None])[-1]))
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    wanted = headers.get(b"if-none-match"), headers.get(b"accept-encoding", "")
    if copy.is_packed:
        return copy.answer(*wanted)
    return await asyncio.to_thread(copy.answer, *wanted)  # it may have to be compressed first


async def respond(answer: Answer, send: Any) -> None:
    headers = answer.headers | {"Content-Length": str(len(answer.body))}
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": pairs})
    await send({"type": "http.response.body", "body": answer.body})
