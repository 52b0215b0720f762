"""Slots for costly work: one request at a time does it, and few wait, each for a short time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from prometheus_client import Counter

from runtime.bulkhead import turn_released
from runtime.errors import Refused
from runtime.threads import give_back_connection

WAITING = 16  # requests
PATIENCE = 5.0  # seconds that one waits


class Slot:
    """Lets one thread work; at most `waiting` others wait, each for `patience` seconds.

    The others are counted as `refused`, and get an `error`.
    """

    def __init__(
        self,
        refused: Counter,
        error: Callable[[], Refused],
        waiting: int = WAITING,
        patience: float = PATIENCE,
    ) -> None:
        self._refused = refused
        self._error = error
        self._patience = patience
        self._working = threading.Lock()
        self._places = threading.BoundedSemaphore(waiting + 1)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn; hold no connection while waiting, nor after the work.

        Raise what `error` makes.
        """
        give_back_connection()
        with turn_released(), self._place():
            yield
            give_back_connection()

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise self._refusal()
        try:
            if not self._working.acquire(timeout=self._patience):
                raise self._refusal()
            try:
                yield
            finally:
                self._working.release()
        finally:
            self._places.release()

    def _refusal(self) -> Refused:
        self._refused.inc()
        return self._error()
