"""The turns of people with many placements: one at a time, and few who wait of one person."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from canvas.domain.errors import Busy
from canvas.http import past
from runtime.hold_count import HoldCount

AT_ONCE = 2  # requests of one person that work or wait: a page asks for one after the other


class OwnTurns:
    """Lets one request look at the stretches of the ledger, and counts those of each person."""

    def __init__(self) -> None:
        self._present = HoldCount()
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, actor: str) -> Iterator[None]:
        """Wait for the turn; raise Busy."""
        with self._lock:
            if self._present[actor] >= AT_ONCE:
                raise Busy("You have asked for your pixels twice already; wait for the answers.")
            self._present.hold(actor)
        try:
            with past.own_placements.turn():
                yield
        finally:
            with self._lock:
                self._present.let_go(actor)


turns = OwnTurns()
