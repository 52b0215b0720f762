"""The times of a transaction on a locked canvas, and the version of people's rights then."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Subquery
from django.db.models.functions import Now

from accounts import rights_version
from accounts.rights_version import RightsVersion
from canvas.domain.clock import CanvasClock, clock_of
from canvas.models import Canvas, Placement


class Moment(NamedTuple):
    """The times of a transaction on a locked canvas."""

    rights: RightsVersion
    placed_at: datetime  # of a placement made now: by the database's clock, but never going back
    clock: CanvasClock  # for cooldowns
    newest: datetime | None = None  # of the newest placement before

    @property
    def now(self) -> datetime:
        """The time by the database's clock."""
        return self.rights.now

    @classmethod
    def of(
        cls, canvas: Canvas, number: int | None, now: datetime, newest: datetime | None
    ) -> "Moment":
        clock = clock_of(canvas.clock, canvas.clock_source, now)
        return cls(RightsVersion(number or 0, now), max(now, newest or now), clock, newest)


def read(canvas: Canvas) -> Moment:
    """Read the moment of a locked canvas.

    It is a statement of its own that follows the lock, so that a ban holds from its commit on.
    """
    placed = Placement.objects.filter(canvas_id=canvas.pk, seq__lte=canvas.seq).order_by("-seq")
    row = Canvas.objects.filter(pk=canvas.pk)
    return Moment.of(
        canvas,
        *row.values_list(
            rights_version.NUMBER, Now(), Subquery(placed.values("placed_at")[:1])
        ).get(),
    )
