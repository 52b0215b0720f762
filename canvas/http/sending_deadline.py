"""A deadline for the readers of HTTP responses: what they hold is memory of the pod."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from canvas import metrics

SECONDS = 120.0  # for a whole response: 11 MB at 0.75 Mbit/s

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


class SendingDeadline:
    """ASGI middleware that takes a client for gone when it has not taken a response in time.

    The application hears of a disconnect then and ends; the server closes the connection of a
    response that ends before its body does.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        loop = asyncio.get_running_loop()
        too_late: asyncio.Future[None] = loop.create_future()
        timer: asyncio.TimerHandle | None = None

        async def send_in_time(message: Any) -> None:
            nonlocal timer
            if timer is None:
                timer = loop.call_later(SECONDS, too_late.set_result, None)
            await send(message)

        async def receive_in_time() -> Any:
            receiving = asyncio.ensure_future(receive())
            try:
                await asyncio.wait({receiving, too_late}, return_when=asyncio.FIRST_COMPLETED)
                if receiving.done():
                    return receiving.result()
            finally:
                receiving.cancel()
            metrics.slow_readers.inc()
            return {"type": "http.disconnect"}

        try:
            await self._application(scope, receive_in_time, send_in_time)
        finally:
            if timer is not None:
                timer.cancel()
