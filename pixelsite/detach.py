"""The way out of the middleware, for the whole time that a socket stays."""

from collections.abc import Awaitable, Callable
from typing import Any

Application = Callable[[dict[str, Any], Any, Any], Awaitable[Any]]


class Outside:
    """Awaits what the application returns, once all the middleware has returned it.

    A socket stays for hours: within the middleware, its copies of the scope and the coroutines that
    only wait for each other would be a fifth of what the socket costs. The headers go as well:
    whatever they were for, is done.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        stay = await self._application(scope, receive, send)
        if stay is not None:
            scope["headers"] = []
            await stay()
