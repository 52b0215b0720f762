"""The version of people's rights: one row that changes with every ban and every expulsion.

A pod that has read the version once needs to read the bans again only when it differs.
"""

import secrets
from datetime import datetime
from typing import NamedTuple

from django.db.models import Subquery
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Revision

ROW_ID = 1
NUMBER = Subquery(Revision.objects.filter(pk=ROW_ID).values("number")[:1])  # for other queries
NUMBER_SQL = f"SELECT number FROM {Revision._meta.db_table} WHERE id = {ROW_ID}"  # noqa: S608


class RightsVersion(NamedTuple):
    """The number of the newest change, 0 before the first, and the database's time."""

    number: int
    now: datetime


def read() -> RightsVersion:
    """Read the version and the time by one query for one row."""
    rows = Revision.objects.filter(pk=ROW_ID).annotate(now=Now())
    row = rows.values_list("number", "now").first()
    return RightsVersion(*row) if row else RightsVersion(0, timezone.now())


def advance() -> datetime:
    """Change the version within a transaction, and return the database's time.

    The row stays locked until the commit, so that changes are committed one after the other.
    """
    revision, _created = Revision.objects.select_for_update().get_or_create(pk=ROW_ID)
    revision.number = secrets.randbits(62) + 1
    revision.save(update_fields=["number"])
    return read().now
