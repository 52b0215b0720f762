"""Slots for work that one request at a time may do, with no connection held while it waits."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter

from runtime.bulkhead import stepped_out
from runtime.errors import Refused
from runtime.one_at_a_time import Crowded, OneAtATime
from runtime.threads import give_back_connection

WAITING = 16  # requests
PATIENCE = 5.0  # seconds that one waits


@contextmanager
def take(desk: OneAtATime, refused: Counter, error: Refused) -> Iterator[None]:
    """Wait for the slot; hold no connection while waiting, nor after the work; raise `error`."""
    give_back_connection()
    try:
        with stepped_out(), desk.turn():
            yield
            give_back_connection()
    except Crowded:
        refused.inc()
        raise error from None
