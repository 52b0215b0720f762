"""The watch over a client that takes its answer slowly, or not at all."""

import asyncio
from collections.abc import Callable

from pixelsite.server.transports import unsent

INTERVAL = 10.0  # seconds between two looks
MIN_RATE = 4_000  # bytes a second that a client has to take


class StallWatch:
    """Calls back when a transport has taken next to nothing of what waits between two looks."""

    def __init__(self, transport: asyncio.Transport, on_stall: Callable[[], None]) -> None:
        self._transport = transport
        self._on_stall = on_stall
        self._timer: asyncio.TimerHandle | None = None
        self._interval = 0.0
        self._unsent = 0

    def begin(self, interval: float | None = None) -> None:
        """Watch from now on, until nothing waits."""
        if self._timer is None or interval is not None:
            self.end()
            self._interval = INTERVAL if interval is None else interval
            self._start()

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def caught_up(self) -> None:
        """Take note that all was taken: what waits at the next look came later."""
        self._unsent = 2**63

    def _start(self) -> None:
        self._unsent = unsent(self._transport)
        self._timer = asyncio.get_running_loop().call_later(self._interval, self._look)

    def _look(self) -> None:
        self._timer = None
        if not self._transport.get_write_buffer_size():
            return
        if unsent(self._transport) > self._unsent - MIN_RATE * self._interval:
            self._on_stall()
        else:
            self._start()
