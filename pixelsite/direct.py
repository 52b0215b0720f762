"""A way for frames around the middleware that every socket's `send` goes through."""

from collections.abc import Awaitable, Callable
from typing import Any

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


class DirectSend:
    """Keeps the server's own `send` in the scope, as `direct_send`.

    Channels' session middleware looks into the session before each frame: a sixth of what a
    delivery costs, for nothing, since a frame neither changes a session nor carries a cookie.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await self._application({**scope, "direct_send": send}, receive, send)
