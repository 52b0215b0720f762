"""The refusals that concern a canvas: its rules, its state and the pod that serves it."""

from runtime.errors import Refused


class TooLarge(Refused):
    status = 413
    code = "message_too_large"


class UnknownCanvas(Refused):
    status = 404
    code = "canvas_unknown"

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is no canvas named {slug[:64]!r}.", field="canvas")


class UnknownHistory(Refused):
    status = 404
    code = "history_unknown"

    def __init__(self, sha256: str) -> None:
        super().__init__(f"This canvas has no segment or keyframe {sha256[:64]!r}.", field="sha256")


class Frozen(Refused):
    status = 409
    code = "canvas_frozen"

    def __init__(self) -> None:
        super().__init__("This canvas is frozen: nobody can draw on it now.", field="canvas")


class Damaged(Refused):
    """A ledger with a fault: what there is can be seen, and nothing be drawn until it is whole."""

    status = 503
    code = "damaged"

    def __init__(self) -> None:
        detail = "This canvas is damaged: nobody can draw on it until it has been repaired."
        super().__init__(detail, field="canvas", retry_after_ms=10_000)


class Protected(Refused):
    status = 409
    code = "protected"

    def __init__(self) -> None:
        super().__init__("This part of the canvas is protected: nobody can draw here.")


class Outdated(Refused):
    """A change that was made from values which are no longer the present ones."""

    status = 409
    code = "outdated"

    def __init__(self, *fields: str) -> None:
        """Name the fields that have changed since; none where that is not known."""
        changed = " and ".join(fields) or "It"
        verb = "have" if len(fields) > 1 else "has"
        detail = f"{changed} {verb} been changed meanwhile; look at it again."
        super().__init__(detail, field=fields[0] if fields else None)


class OtherEpoch(Refused):
    """A position of another past: what followed it there did not happen here."""

    status = 409
    code = "epoch_changed"

    def __init__(self) -> None:
        detail = "This canvas has another past now: fetch the board anew."
        super().__init__(detail, field="epoch")


class IdReused(Refused):
    """An id that stands for another pixel: a retry asks for the same one."""

    status = 409
    code = "id_reused"

    def __init__(self) -> None:
        detail = "This id stands for another pixel: give each new pixel an id of its own."
        super().__init__(detail, field="id")


class DrawnOver(Refused):
    """A placement over another one that is not, or no longer, the newest on its cell."""

    status = 409
    code = "drawn_over"

    def __init__(self) -> None:
        super().__init__("This cell has been drawn over meanwhile.", field="over")


class NoChange(Refused):
    """A pixel whose cell has that colour already: it would cost a charge for nothing."""

    status = 409
    code = "no_change"

    def __init__(self) -> None:
        super().__init__("This cell has that colour already.", field="color")


class CoolingDown(Refused):
    status = 429
    code = "cooldown"

    def __init__(self, retry_after_ms: int) -> None:
        seconds = retry_after_ms / 1000
        super().__init__(
            f"You can place your next pixel in {seconds:.1f} s.", retry_after_ms=retry_after_ms
        )


class Flooding(Refused):
    status = 429
    code = "flooding"

    def __init__(self) -> None:
        super().__init__("Too many messages; slow down.", retry_after_ms=1000)


class Busy(Refused):
    """More waits than a pod holds: placements, requests for the past, or boards to load."""

    status = 503
    code = "busy"

    def __init__(self, detail: str = "Too many pixels are waiting; try again.") -> None:
        super().__init__(detail, retry_after_ms=1000)


class Unavailable(Refused):
    """The database did not answer. A retry with the same id tells whether the pixel was placed."""

    status = 503
    code = "unavailable"

    def __init__(self) -> None:
        super().__init__("The canvas cannot be reached; try again.", retry_after_ms=1000)
