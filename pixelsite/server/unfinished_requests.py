"""The connections that wait for a request, or for the rest of one: how many, and what they hold."""

from typing import Protocol

MAX_UNFINISHED = 4_000  # connections without a whole request
MAX_BODIES = 64 * 1024 * 1024  # bytes of unfinished bodies, over all connections


class Connection(Protocol):
    def give_way(self) -> None:
        """End: too many others have come since."""


class Unfinished:
    """The connections in the order in which they began to wait.

    Beyond the bounds the one that has waited longest has to go: honest requests are whole within
    moments, and who sends halves displaces their own.
    """

    def __init__(self) -> None:
        self._bytes: dict[Connection, int] = {}
        self._total = 0

    def __len__(self) -> int:
        return len(self._bytes)

    def add(self, connection: Connection) -> None:
        self.remove(connection)
        self._bytes[connection] = 0
        if len(self._bytes) > MAX_UNFINISHED:
            next(iter(self._bytes)).give_way()

    def grow(self, connection: Connection, size: int) -> None:
        """Count so many more bytes of a body."""
        self._bytes[connection] = self._bytes.pop(connection, 0) + size
        self._total += size
        while self._total > MAX_BODIES:
            oldest = next(each for each, held in self._bytes.items() if held)
            self.remove(oldest)
            oldest.give_way()

    def remove(self, connection: Connection) -> None:
        self._total -= self._bytes.pop(connection, 0)
