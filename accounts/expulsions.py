"""Expulsions: rows that name the sockets to close, and a hint to the other pods."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.db import transaction

from accounts import rights_version, signals
from accounts.models import Expulsion

RETENTION = timedelta(hours=1)  # far longer than a pod goes without reading them


def expel(kind: str, keys: Sequence[str], *, stays: str = "") -> None:
    """Close the sockets with any of these keys on every pod, unless they have the key `stays`.

    Call it within a transaction: pods act after the commit.
    """
    now = rights_version.advance()
    Expulsion.objects.filter(created_at__lt=now - RETENTION).delete()
    for key in keys:
        Expulsion.objects.create(kind=kind, key=key, stays=stays, created_at=now)
        hint = partial(signals.expelled.send_robust, Expulsion, kind=kind, key=key)
        transaction.on_commit(hint)


def newest() -> int:
    """Return the id of the newest expulsion, 0 when there is none."""
    return Expulsion.objects.order_by("-id").values_list("id", flat=True).first() or 0


def since(last: int) -> list[Expulsion]:
    """Return the expulsion of the id `last` and those after it, in the order of their commits."""
    return list(Expulsion.objects.filter(id__gte=last).order_by("id"))
