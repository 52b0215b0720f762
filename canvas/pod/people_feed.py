"""The feed that tells sockets of the people on all pods, at a bounded number of bytes a second."""

import asyncio
import time
from collections.abc import Callable

from canvas.pod.hub import Hub
from canvas.protocol import events
from canvas.protocol.events import Event, UserList
from presence.crowd import People

RATE = 250.0  # bytes a second to each socket, in any crowd: 300 with what a burst adds to a minute
SAVED = 4.0  # seconds of that rate that a quiet time saves up, so that a few people never wait

Names = Callable[[int], tuple[str, ...]]  # names of the people, from a place in the alphabet on


class PeopleFeed:
    """Sends `stats` with each change, and `user_list` as often as RATE allows with it.

    A list also comes no sooner than its own size takes at RATE after the one before. Newcomers get
    the newest list, and `list_from` makes one for a socket that asks.
    """

    def __init__(self, hub: Hub, loop: asyncio.AbstractEventLoop) -> None:
        self._hub = hub
        self._loop = loop
        self._people = People(0, ())
        self._list: UserList = events.user_list((), 0, 0)
        self._sent: UserList | None = None
        self._sent_at = float("-inf")
        self._paid_until = float("-inf")  # when all bytes sent so far will have been within RATE
        self._timer: asyncio.TimerHandle | None = None

    def tell(self, people: People) -> None:
        """Tell all sockets of this pod that these are the people now."""
        timestamp = _now_ms()
        self._people = people
        self._list = events.user_list(people.names, people.count, timestamp)
        self._send(events.stats(people.count, timestamp))
        self._hub.remember(self._list)
        if self._timer is None:
            self._send_list_when_due()

    def list_from(self, offset: int, names: Names) -> UserList:
        """List people from a place in the alphabet on."""
        return events.user_list(names(offset), self._people.count, _now_ms(), offset)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _send_list_when_due(self) -> None:
        self._timer = None
        if self._sent is not None and _is_same(self._sent, self._list):
            return
        now = self._loop.time()
        due = max(self._paid_until, self._sent_at + _size(self._list) / RATE)
        if due > now:
            self._timer = self._loop.call_at(due, self._send_list_when_due)
            return
        self._sent, self._sent_at = self._list, now
        self._send(self._list)

    def _send(self, event: Event) -> None:
        self._paid_until = max(self._paid_until, self._loop.time() - SAVED) + _size(event) / RATE
        self._hub.notify_all(event)


def _is_same(one: UserList, other: UserList) -> bool:
    return one["users"] == other["users"] and one.get("total") == other.get("total")


def _size(event: Event) -> int:
    """Return the bytes of an event on the wire, about."""
    return len(events.encode(event).encode()) + 4


def _now_ms() -> int:
    return int(time.time() * 1000)
