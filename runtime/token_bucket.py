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

    def take(self) -> bool:
        """Take one token; return False when there is none."""
        now = time.monotonic()
        self._tokens = min(self._capacity, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
