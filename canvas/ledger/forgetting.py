"""Forgetting a person who has left: the name goes off all pixels, a bounded step at a time.

Until it is off, reads of the ledger show DELETED in its place (`reads.NAME`).
"""

import logging
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db import Error as DatabaseError
from django.db import transaction

from accounts import expulsions
from accounts.models import Expulsion
from accounts.names import DELETED
from canvas.models import Forgetting, Placement

logger = logging.getLogger(__name__)

STEP = 1_000  # rows a transaction
PREFETCH = 100_000  # rows that are looked up at once, without a lock
AT_ONCE = 1.0  # seconds that the process which deletes an account forgets by itself


def begin(actor: str) -> None:
    """Write down, within the transaction that deletes the account, that it is to be forgotten.

    Most people are forgotten right after the commit; of one who drew very much the pods take the
    rest off (`canvas.pod.forgetter`).
    """
    Forgetting.objects.get_or_create(actor=actor)
    transaction.on_commit(lambda: _begin(actor))


def go_on(seconds: float) -> int:
    """Forget those who have left for about so many seconds; return how many names came off."""
    deadline = time.monotonic() + seconds
    forgotten = 0
    for left in Forgetting.objects.order_by("pk")[:STEP]:
        if time.monotonic() > deadline:
            break
        forgotten += _forget(left, deadline)
    return forgotten


def _begin(actor: str) -> None:
    try:
        for left in Forgetting.objects.filter(actor=actor):
            _forget(left, time.monotonic() + AT_ONCE)
    except DatabaseError:
        logger.exception("a name is still to be taken off")


def _forget(left: Forgetting, deadline: float) -> int:
    """Take the name off until the deadline; return how many pixels of theirs lost it."""
    forgotten = 0
    for step in _steps(left.actor):
        if time.monotonic() > deadline or not _take_off(left, step):
            return forgotten
        forgotten += len(step)
    _finish(left)
    return forgotten


def _steps(actor: str) -> Iterator[Sequence[int]]:
    """Yield the ids of the rows that still have the name, STEP at a time."""
    rows = Placement.objects.filter(actor=actor).exclude(username=DELETED).order_by()
    while ids := list(rows.values_list("pk", flat=True)[:PREFETCH]):
        for start in range(0, len(ids), STEP):
            yield ids[start : start + STEP]


@transaction.atomic
def _take_off(left: Forgetting, ids: Sequence[int]) -> bool:
    """Take the name off these rows and those that brought them back.

    Return False where another process is at it, or done.
    """
    free = Forgetting.objects.select_for_update(skip_locked=True).filter(pk=left.pk)
    if not free.exists():
        return False
    seqs = defaultdict(list)
    rows = Placement.objects.filter(pk__in=ids)
    for canvas_id, seq in rows.values_list("canvas_id", "seq"):
        seqs[canvas_id].append(seq)
    for canvas_id, restored in seqs.items():
        copies = Placement.objects.filter(canvas_id=canvas_id, restores__in=restored)
        copies.update(username=DELETED)
    rows.update(username=DELETED)
    return True


@transaction.atomic
def _finish(left: Forgetting) -> None:
    """Have the pods read the names that they hold in memory anew (`Relay.read_names`)."""
    if Forgetting.objects.filter(pk=left.pk).delete()[0]:
        expulsions.expel(Expulsion.DELETED, [left.actor])
