"""The services: the only writer of the canvas, for every change of a pixel or a rule."""

from canvas.services.changes import configure, load, renew_epoch, settle_ahead
from canvas.services.pixels import (
    MAX_OVERWRITTEN,
    Answers,
    Batch,
    Cell,
    Unwritten,
    on_leaving,
    overwrite,
    place,
    place_together,
)

__all__ = [
    "MAX_OVERWRITTEN",
    "Answers",
    "Batch",
    "Cell",
    "Unwritten",
    "configure",
    "load",
    "on_leaving",
    "overwrite",
    "place",
    "place_together",
    "renew_epoch",
    "settle_ahead",
]
