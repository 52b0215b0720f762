"""How often one person may draw: pure arithmetic over the database's times."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor
from typing import NamedTuple

from canvas.domain.errors import CoolingDown
from canvas.domain.rules import CanvasMeta

MAX_CHARGES = 100


def cooldown_of(meta: CanvasMeta, *, guest: bool) -> "Cooldown":
    """What holds for this kind of person on a canvas."""
    own = meta.guest_cooldown_ms if guest else None
    return Cooldown(meta.cooldown_ms if own is None else own, meta.charges)


class Spending(NamedTuple):
    """How many charges somebody had spent, and not got back, right after placing at `at`."""

    at: datetime
    charges: float


class Allowance(NamedTuple):
    """The ms until somebody may place the next pixel, and how many may be placed at once now."""

    cooldown_ms: int
    charges_left: int


@dataclass(frozen=True, slots=True)
class Cooldown:
    """Up to `charges` pixels at once, and one charge back after each `cooldown_ms`.

    With one charge this is the plain cooldown. What was spent is counted in charges and not in
    time, so that another cooldown holds at once for everybody.
    """

    cooldown_ms: int
    charges: int = 1

    @property
    def whole(self) -> Allowance:
        """What somebody has who placed nothing lately."""
        return Allowance(0, self.charges)

    @property
    def window(self) -> timedelta:
        """Who last placed longer ago has all charges."""
        return timedelta(milliseconds=self.cooldown_ms * self.charges)

    def left(self, now: datetime, last: Spending | None) -> int:
        """The ms until the next pixel may be placed, 0 for at once."""
        if last is None:
            return 0
        # the moment of the placement after which, without saved charges, the wait is the same
        alike = last.at + self._time(last.charges - self.charges)
        return cooldown_left(now, alike, self.cooldown_ms)

    def allowance(self, now: datetime, last: Spending | None) -> Allowance:
        return Allowance(self.left(now, last), self.saved(now, last))

    def check(self, now: datetime, last: Spending | None) -> None:
        """Raise CoolingDown when no charge is left."""
        left = self.left(now, last)
        if left:
            raise CoolingDown(left)

    def spend(self, now: datetime, last: Spending | None) -> Spending:
        """After one more pixel."""
        return Spending(now, self._spent(now, last) + 1)

    def saved(self, now: datetime, last: Spending | None) -> int:
        """The whole charges that are there now."""
        return min(self.charges, max(0, floor(self.charges - self._spent(now, last) + 1e-6)))

    def _spent(self, now: datetime, last: Spending | None) -> float:
        if last is None or not self.cooldown_ms:
            return 0.0
        return max(0.0, last.charges - (now - last.at) / self._time(1))

    def _time(self, charges: float) -> timedelta:
        return timedelta(milliseconds=self.cooldown_ms * charges)


def cooldown_left(now: datetime, last: datetime | None, cooldown_ms: int) -> int:
    """The ms until somebody who last placed a pixel at `last` may place again, 0 for at once."""
    if last is None:
        return 0
    left = last + timedelta(milliseconds=cooldown_ms) - now
    return max(0, ceil(left / timedelta(milliseconds=1)))
