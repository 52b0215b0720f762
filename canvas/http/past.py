"""Work on the past: one request at a time a pod, and no connection held while it waits or sends."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from canvas.domain.errors import Busy
from runtime.one_at_a_time import Crowded, OneAtATime

WAITING = 16  # requests
PATIENCE = 5.0  # seconds that one waits

pictures = OneAtATime(WAITING, PATIENCE)
open_segments = OneAtATime(WAITING, PATIENCE)


@contextmanager
def turn(desk: OneAtATime) -> Iterator[None]:
    """Wait for a turn without a connection to the database, and give it back after; raise Busy."""
    give_back_connection()
    try:
        with desk.turn():
            yield
            give_back_connection()
    except Crowded:
        raise Busy("Too many ask for the past; try again.") from None


def give_back_connection() -> None:
    """Return this thread's connection to the pool before the end of the request."""
    if not connection.in_atomic_block:
        connection.close()
