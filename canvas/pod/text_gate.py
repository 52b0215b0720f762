"""The gate of pixels in plain JSON, which cost far more than in `pixels.v1`."""

from enum import Enum, auto

MAX_TEXT = 1_000  # pixels that a socket of plain JSON gets at once
CALM = 1.0  # seconds without more than that, until such a socket goes on
MAX_HOLD = 5.0  # seconds that it gets nothing


class Verdict(Enum):
    """The choice for sockets of plain JSON in each tick: every pixel, nothing yet, or a resync."""

    SEND = auto()
    HOLD = auto()
    RESYNC = auto()


class TextGate:
    """The bound on pixels in plain JSON, where each is an event of 150 bytes.

    While more come than MAX_TEXT a tick, as by a large act of moderation, text sockets get none;
    when it is calm again, or MAX_HOLD later, they are told to fetch the board anew.
    """

    def __init__(self) -> None:
        self._held_since: float | None = None
        self._crowded_at = 0.0

    @property
    def holds(self) -> bool:
        return self._held_since is not None

    def judge(self, count: int, now: float) -> Verdict:
        """Return what text sockets get of so many new pixels; `now` by the loop's clock."""
        if count > MAX_TEXT:
            self._crowded_at = now
            if self._held_since is None:
                self._held_since = now
        if self._held_since is None:
            return Verdict.SEND
        calm = now - self._crowded_at >= CALM
        if not calm and now - self._held_since < MAX_HOLD:
            return Verdict.HOLD
        self._held_since = None if calm else now
        return Verdict.RESYNC
