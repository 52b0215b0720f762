"""Threads that do costly work one at a time; those that wait are bounded in number and time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Crowded(Exception):
    """Too many wait already, or the turn has not come in time."""


class OneAtATime:
    """Lets one thread work; at most `waiting` others wait, each for `patience` seconds."""

    def __init__(self, waiting: int, patience: float) -> None:
        self._working = threading.Lock()
        self._places = threading.BoundedSemaphore(waiting + 1)
        self._patience = patience

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn; raise Crowded."""
        if not self._places.acquire(blocking=False):
            raise Crowded
        try:
            if not self._working.acquire(timeout=self._patience):
                raise Crowded
            try:
                yield
            finally:
                self._working.release()
        finally:
            self._places.release()
