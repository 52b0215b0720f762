"""The one row that tells whether anything about people's rights has changed."""

import secrets
from datetime import datetime
from typing import NamedTuple

from django.db.models import Subquery
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Revision

ROW = 1
NUMBER = Subquery(Revision.objects.filter(pk=ROW).values("number")[:1])  # for others' queries


class Reading(NamedTuple):
    """The number of the newest change, 0 before the first, and the database's time."""

    number: int
    now: datetime


def read() -> Reading:
    """One query for one row."""
    row = Revision.objects.filter(pk=ROW).annotate(now=Now()).values_list("number", "now").first()
    return Reading(*row) if row else Reading(0, timezone.now())


def advance() -> datetime:
    """Within a transaction: hold the row until the commit, and return the database's time."""
    revision, _created = Revision.objects.select_for_update().get_or_create(pk=ROW)
    revision.number = secrets.randbits(62) + 1
    revision.save(update_fields=["number"])
    return read().now
