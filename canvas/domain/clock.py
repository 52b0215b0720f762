"""The clock of a canvas: the database's clock, but it never goes back."""

from datetime import datetime, timedelta
from typing import NamedTuple

STILL = timedelta()


class CanvasClock(NamedTuple):
    """A time of the canvas's clock, and what the database's clock, its source, said then.

    It goes with its source, and stands still for a moment where that was set back: no placement is
    ever in its future. Once the source has jumped, the two differ for good, so this time is for
    differences only, as cooldowns are. People are told the source's.
    """

    time: datetime
    source: datetime

    def at(self, source: datetime) -> "CanvasClock":
        """Return the clock as it is when its source says `source`."""
        return CanvasClock(self.time + max(STILL, source - self.source), source)

    def is_behind(self, source: datetime | None) -> bool:
        """Tell whether the source was set back since it said `source`."""
        return source is not None and self.source < source


def clock_of(time: datetime | None, source: datetime | None, now: datetime) -> CanvasClock:
    """Return the clock at `now`, from what is stored of it: nothing before its first use."""
    if time is None or source is None:
        return CanvasClock(now, now)
    return CanvasClock(time, source).at(now)
