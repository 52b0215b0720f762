"""A token bucket, which limits the average rate and allows bursts."""

import time


class TokenBucket:
    """A bucket that holds up to `capacity` tokens and gains `rate` tokens a second."""

    __slots__ = ("_at", "_capacity", "_rate", "_tokens")

    def __init__(self, rate: float, capacity: float) -> None:
        self._rate = rate
        self._capacity = capacity
        self._tokens = capacity
        self._at = time.monotonic()

    def take(self, count: int = 1, debt: float = 0) -> bool:
        """Take tokens; return False, and take none, when fewer are left.

        With a debt, so many more than there are may be taken: they are paid back by the rate.
        """
        now = time.monotonic()
        self._tokens = min(self._capacity, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens + debt < count:
            return False
        self._tokens -= count
        return True

    @property
    def in_debt(self) -> bool:
        """Tell whether more was taken than there was."""
        return self._tokens < 0
