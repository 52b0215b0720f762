"""The cooldown: arithmetic over the database's times of how often one person may draw."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor
from typing import NamedTuple

from canvas.domain.errors import CoolingDown
from canvas.domain.rules import CanvasMeta

MAX_CHARGES = 100


def cooldown_of(meta: CanvasMeta, *, guest: bool) -> "Cooldown":
    """Return the cooldown of guests, or of accounts, on a canvas."""
    own = meta.guest_cooldown_ms if guest else None
    return Cooldown(meta.cooldown_ms if own is None else own, meta.charges)


class Spending(NamedTuple):
    """The charges that a person had spent and not got back, right after placing a pixel at `at`."""

    at: datetime
    charges: float


class Allowance(NamedTuple):
    """The ms until a person may place the next pixel, and the pixels that may be placed at once
    now.
    """

    cooldown_ms: int
    charges_left: int


@dataclass(frozen=True, slots=True)
class Cooldown:
    """A cooldown with saved charges: up to `charges` pixels at once, and one charge back after each
    `cooldown_ms`.

    With one charge this is the plain cooldown. Spending is counted in charges and not in time, so
    that a changed cooldown holds at once for all people.
    """

    cooldown_ms: int
    charges: int = 1

    @property
    def whole(self) -> Allowance:
        """The allowance of a person without recent placements."""
        return Allowance(0, self.charges)

    @property
    def window(self) -> timedelta:
        """The time after which all charges are back."""
        return timedelta(milliseconds=self.cooldown_ms * self.charges)

    def left(self, now: datetime, last: Spending | None) -> int:
        """Return the ms until the next pixel may be placed, 0 for at once."""
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
        """Return the spending after one more pixel, placed now."""
        return Spending(now, self._spent(now, last) + 1)

    def saved(self, now: datetime, last: Spending | None) -> int:
        """Return the whole charges that are there now."""
        return min(self.charges, max(0, floor(self.charges - self._spent(now, last) + 1e-6)))

    def _spent(self, now: datetime, last: Spending | None) -> float:
        if last is None or not self.cooldown_ms:
            return 0.0
        return max(0.0, last.charges - (now - last.at) / self._time(1))

    def _time(self, charges: float) -> timedelta:
        return timedelta(milliseconds=self.cooldown_ms * charges)


def cooldown_left(now: datetime, last: datetime | None, cooldown_ms: int) -> int:
    """Return the ms from `now` until `cooldown_ms` after `last` have passed, 0 where they have."""
    if last is None:
        return 0
    left = last + timedelta(milliseconds=cooldown_ms) - now
    return max(0, ceil(left / timedelta(milliseconds=1)))
