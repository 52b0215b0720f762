"""Work on the past: one request at a time a pod, and no connection held while it waits or sends."""

from collections.abc import Iterator
from contextlib import contextmanager

from canvas import metrics
from canvas.domain.errors import Busy
from runtime.bulkhead import stepped_out
from runtime.one_at_a_time import Crowded, OneAtATime
from runtime.threads import give_back_connection

WAITING = 16  # requests
PATIENCE = 5.0  # seconds that one waits

pictures = OneAtATime(WAITING, PATIENCE)
open_segments = OneAtATime(WAITING, PATIENCE)


@contextmanager
def turn(desk: OneAtATime) -> Iterator[None]:
    """Wait for a turn without a connection to the database, and give it back after; raise Busy."""
    give_back_connection()
    try:
        with stepped_out(), desk.turn():
            yield
            give_back_connection()
    except Crowded:
        metrics.past_refused.inc()
        raise Busy("Too many ask for the past; try again.") from None
