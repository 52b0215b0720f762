"""Work on the past: one request at a time a pod, and no connection held while it waits or sends."""

from contextlib import AbstractContextManager

from canvas import metrics
from canvas.domain.errors import Busy
from runtime import slots
from runtime.one_at_a_time import OneAtATime

pictures = OneAtATime(slots.WAITING, slots.PATIENCE)
open_segments = OneAtATime(slots.WAITING, slots.PATIENCE)
own_placements = OneAtATime(slots.WAITING, slots.PATIENCE)  # of people with many


def turn(desk: OneAtATime) -> AbstractContextManager[None]:
    """Wait for a turn at one of the desks; raise Busy."""
    busy = Busy("Too many ask for the past; try again.")
    return slots.take(desk, metrics.past_refused, busy)
