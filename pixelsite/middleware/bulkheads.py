"""The bulkheads in front of Django: how many requests of each kind are worked on at once.

Each request is worked on in a thread. Many at once would fight for the interpreter with the event
loop, which draws, and each would hold a connection to the database that another waits for.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from django.conf import settings

from canvas.domain.errors import Busy
from pixelsite.middleware.refusal_responses import answer_of
from pixelsite.observe import metrics
from pixelsite.server.body_limits import MAX_BODY
from runtime.answers import respond
from runtime.bulkhead import Bulkhead, Full

Scope = Mapping[str, Any]
Application = Callable[[Any, Any, Any], Awaitable[None]]

PAST = re.compile(r"/api/canvas/(board\.png|card\.png|history)")
PLACING = ("PUT", "/api/pixel")
MAX_LARGE = 8  # bodies beyond MAX_BODY that a pod holds whole: 8 MiB each, three times while read


class Share(NamedTuple):
    """The part of a pod that one kind of requests may have."""

    at_once: int
    waiting: int
    patience: float  # seconds


def shares(connections: int) -> dict[str, Share]:
    """Divide so many connections for requests: who is at work has one for certain."""
    placing = max(1, connections // 3)
    return {
        "static": Share(2, 5000, 10.0),  # files need no connection
        "placing": Share(placing, 1000, 5.0),
        "past": Share(1, 16, 5.0),
        "admin": Share(1, 32, 10.0),
        "page": Share(max(1, connections - placing - 2), 2000, 10.0),
    }


def kind_of(scope: Scope) -> str:
    """Return the name of the share that a request belongs to."""
    path: str = scope["path"]
    if path.startswith(settings.STATIC_URL):
        return "static"
    if (scope["method"], path) == PLACING:
        return "placing"
    if PAST.match(path):
        return "past"
    return "admin" if path.startswith("/admin/") else "page"


class RequestBulkheads:
    """ASGI middleware: a request waits here, without a thread, for its turn; or is refused.

    Its turn begins when its body has come and ends when its answer begins: neither a slow sender
    nor a slow reader keeps others from working.
    """

    def __init__(self, application: Application, connections: int) -> None:
        self._application = application
        self._bulkheads = {kind: make(kind, share) for kind, share in shares(connections).items()}
        self._large = 0

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        turn = self._bulkheads[kind_of(scope)].turn()
        has_begun = is_large = False

        async def receive_whole() -> Any:
            nonlocal has_begun, is_large
            message = await receive()
            is_whole = message["type"] == "http.request" and not message.get("more_body")
            if is_whole and not has_begun:
                has_begun = True
                is_large = self._take_large(message)
                await turn.begin()
            return message

        async def send_outside(message: Any) -> None:
            turn.end()
            await send(message)

        try:
            await self._application(scope, receive_whole, send_outside)
        except Full:
            await respond(answer_of(scope["path"], Busy("Too many requests; try again.")), send)
        finally:
            self._large -= is_large
            turn.end()

    def _take_large(self, message: Any) -> bool:
        """Count a large body until its request ends; raise Full beyond MAX_LARGE."""
        if len(message.get("body", b"")) <= MAX_BODY:
            return False
        if self._large >= MAX_LARGE:
            metrics.requests_refused.labels("large").inc()
            raise Full
        self._large += 1
        return True


def make(kind: str, share: Share) -> Bulkhead:
    refused = metrics.requests_refused.labels(kind)
    bulkhead = Bulkhead(share.at_once, share.waiting, share.patience, refused.inc)
    metrics.requests_waiting.labels(kind).set_function(lambda: len(bulkhead))
    return bulkhead
