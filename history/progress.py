"""The progress of long work: a bar on a terminal, a line every other second elsewhere."""

import sys
import time
from typing import TextIO

TOLD_EVERY = 2.0  # seconds between two lines of a log
DRAWN_EVERY = 0.2  # seconds between two bars on a terminal
LENGTH = 30  # characters of a bar


class Progress:
    """The steps that are done of a known number, or of an unknown one (None)."""

    def __init__(
        self, what: str, steps: int | None, unit: str = "rows", out: TextIO | None = None
    ) -> None:
        self._what, self._steps, self._unit = what, steps, unit
        self._out = out or sys.stderr
        self._is_terminal = self._out.isatty()
        self._pause = DRAWN_EVERY if self._is_terminal else TOLD_EVERY
        self._done = self._counted = 0
        self._started = self._told = time.monotonic()

    def skip(self, steps: int) -> None:
        """Count steps that were done before, which say nothing about the pace."""
        self._done += steps

    def add(self, steps: int) -> None:
        self._done += steps
        self._counted += steps
        if time.monotonic() - self._told >= self._pause:
            self._tell()

    def finish(self) -> None:
        """Say how it went in one last line."""
        self._tell(last=True)

    def _tell(self, *, last: bool = False) -> None:
        self._told = time.monotonic()
        begin, end = ("\r", "\n" if last else "") if self._is_terminal else ("", "\n")
        self._out.write(f"{begin}{self.line()}{end}")
        self._out.flush()

    def line(self) -> str:
        seconds = max(time.monotonic() - self._started, sys.float_info.epsilon)
        pace = self._counted / seconds
        if self._steps is None:
            return f"{self._what}: {self._done:,} {self._unit}, {pace:,.0f} {self._unit}/s"
        share = min(1.0, self._done / self._steps) if self._steps else 1.0
        bar = "#" * round(share * LENGTH)
        left = (self._steps - self._done) / pace if pace else 0
        return (
            f"{self._what}: [{bar:-<{LENGTH}}] {self._done:,} of {self._steps:,} {self._unit}, "
            f"{pace:,.0f} {self._unit}/s, {duration(left)} left"
        )


def duration(seconds: float) -> str:
    """Return a time as minutes and seconds, with hours where there are some."""
    minutes, rest = divmod(round(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
