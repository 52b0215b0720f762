"""Who has to leave: written down in the database, and hinted at to the other pods."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.db import transaction

from accounts import revision, signals
from accounts.models import Expulsion

KEPT = timedelta(hours=1)  # far longer than a pod goes without looking


def expel(kind: str, keys: Sequence[str], *, stays: str = "") -> None:
    """Within a transaction: close these sockets on every pod, but not those with `stays`."""
    now = revision.advance()
    Expulsion.objects.filter(created_at__lt=now - KEPT).delete()
    for key in keys:
        Expulsion.objects.create(kind=kind, key=key, stays=stays, created_at=now)
        hint = partial(signals.expelled.send_robust, Expulsion, kind=kind, key=key)
        transaction.on_commit(hint)


def newest() -> int:
    """The id of the newest expulsion, 0 when there is none."""
    return Expulsion.objects.order_by("-id").values_list("id", flat=True).first() or 0


def since(last: int) -> list[Expulsion]:
    """The one of that id and those that follow, in the order of their commits."""
    return list(Expulsion.objects.filter(id__gte=last).order_by("id"))
