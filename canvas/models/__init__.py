"""The tables of canvases, their ledgers, and what is sealed of their past."""

from canvas.models.canvas import (
    NOT_RULES,
    Canvas,
    CanvasRevision,
    default_palette,
    new_epoch,
    validate_palette,
)
from canvas.models.ledger import Forgetting, Placement, Retry, SpentCharges
from canvas.models.sealed import Keyframe, Segment, StoredBoard, Tip

__all__ = [
    "default_palette",
    "new_epoch",
    "validate_palette",
    "Canvas",
    "CanvasRevision",
    "NOT_RULES",
    "Placement",
    "SpentCharges",
    "Retry",
    "Forgetting",
    "Segment",
    "StoredBoard",
    "Keyframe",
    "Tip",
]
