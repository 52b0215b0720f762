"""Work on the past: one request at a time a pod, and no connection held while it waits or sends."""

from functools import partial

from canvas import metrics
from canvas.domain.errors import Busy
from runtime.slots import Slot

slot = partial(Slot, metrics.past_refused, partial(Busy, "Too many ask for the past; try again."))
pictures = slot()
open_segments = slot()
own_placements = slot()  # of people with many
