"""A socket's stay, detached from the middleware that let it in."""

from collections.abc import Awaitable, Callable
from typing import Any

Application = Callable[[dict[str, Any], Any, Any], Awaitable[Any]]


class DetachedStay:
    """An ASGI application that awaits a socket's stay after all middleware has returned.

    The application inside returns the stay, a function without arguments, or None for a socket
    that was turned away. A socket stays for hours: within the middleware, copies of the scope
    and coroutines that only wait for each other would be a fifth of its memory. The headers
    are dropped as well, because only the middleware reads them.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        stay = await self._application(scope, receive, send)
        if stay is not None:
            scope["headers"] = []
            await stay()
