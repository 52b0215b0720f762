"""Gauges of the whole pod that no single event sets: refreshed every few seconds."""

import asyncio
from collections.abc import Callable

from canvas import metrics
from canvas.pod.hub import Hub
from canvas.pod.writer import Writer
from presence.service import Presence

INTERVAL = 2.0  # seconds


class PodGauges:
    """Sets the gauges of people, bytes and placements on their way, and time spent degraded."""

    def __init__(
        self, hub: Hub, presence: Presence, writer: Writer, degraded: Callable[[], bool]
    ) -> None:
        self._hub = hub
        self._presence = presence
        self._writer = writer
        self._degraded = degraded

    async def run(self) -> None:
        clock = asyncio.get_running_loop().time
        counted_at = clock()
        while True:
            await asyncio.sleep(INTERVAL)
            now = clock()
            self.count(now - counted_at)
            counted_at = now

    def count(self, seconds: float) -> None:
        """Refresh the gauges, so many seconds after the last time."""
        metrics.people.set(self._presence.everyone().count)
        metrics.people_unsigned.set(self._presence.unsigned)
        metrics.pods_ignored.set(self._presence.pods_ignored)
        metrics.outbox_bytes.set(sum(each.outbox.waiting for each in self._hub.sockets()))
        metrics.writer_waiting.set(self._writer.waiting)
        metrics.degraded.set(self._degraded())
        if self._degraded():
            metrics.degraded_seconds.inc(seconds)
