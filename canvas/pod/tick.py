"""The tick: the time between two fan-outs, which grows with what a fan-out takes."""

import asyncio

from canvas import metrics

TICK = 0.02  # seconds between two fan-outs, at least
CALM_TICK = 0.05  # seconds it may grow to, to keep fan-out below a tenth of the time
MAX_TICK = 0.075  # seconds it may grow to, to keep fan-out below half of the time


class Tick:
    """Measures each fan-out, as a context manager, and rests before the next one."""

    def __init__(self) -> None:
        self._length = TICK
        self._began = 0.0  # the last fan-out, by the clock of the loop
        self._ended = 0.0

    async def rest(self) -> None:
        """Wait until the next fan-out may begin: at once after a quiet time."""
        now = asyncio.get_running_loop().time()
        await asyncio.sleep(max(0.0, self._ended + self._length - now))

    def __enter__(self) -> None:
        self._began = asyncio.get_running_loop().time()

    def __exit__(self, *_: object) -> None:
        self._ended = asyncio.get_running_loop().time()
        spent = self._ended - self._began
        metrics.fan_out_seconds.observe(spent)
        self._length = length_after(spent)


def length_after(spent: float) -> float:
    """Return the seconds between two fan-outs, after one that took `spent`.

    What a frame costs hardly depends on how much is in it, so a busy hub sends fewer and larger
    ones; but it never waits so long that plain JSON, where each pixel is a frame, could not catch
    up.
    """
    return max(TICK, min(10 * spent, CALM_TICK), min(spent, MAX_TICK))
