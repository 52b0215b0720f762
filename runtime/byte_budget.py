"""A bound on bytes that are held in memory at the same time."""

import threading


class OverBudget(Exception):
    """More bytes than may be held."""


class ByteBudget:
    """Counts bytes that are held, from any thread. Something larger than all of it may be held
    alone.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self._lock = threading.Lock()

    @property
    def held(self) -> int:
        return self._held

    def take(self, amount: int) -> None:
        """Count so many bytes; raise OverBudget where they would be too many."""
        with self._lock:
            if self._held and self._held + amount > self._most:
                raise OverBudget
            self._held += amount

    def give_back(self, amount: int) -> None:
        with self._lock:
            self._held -= amount
