"""The rows of a ledger for an export: by columns, a page at a time, with hashes for persons."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np
from django.db import connection

from accounts.names import DELETED
from canvas.domain.rules import CanvasMeta
from canvas.ledger import row_bytes, rows
from canvas.ledger.faults import Hole
from canvas.models import Forgetting, Placement
from history.datasets.persons import hmac_pads, person_hash
from history.datasets.records import PERSON_BYTES, Batch

PAGE = 65_536  # rows in memory

PERSON = f"""CASE
    WHEN username = %(deleted)s OR actor = ANY(%(leaving)s) OR starts_with(actor, %(moderation)s)
    THEN %(nobody)s::bytea
    ELSE substr(sha256(%(outer)s::bytea
        || sha256(%(inner)s::bytea || convert_to(actor, 'UTF8'))), 1, {PERSON_BYTES})
END"""


def batches(meta: CanvasMeta, since: int, until: int, key: bytes) -> Iterator[Batch]:
    """Yield the placements after `since` up to `until`, at most PAGE at once; raise Hole.

    Times never fall, as in segments. Accounts that are or will be deleted have no person,
    nor has moderation.
    """
    newest = 0
    while since < until:
        end = min(since + PAGE, until)
        page = _read(meta, since, end, key)
        if len(page) < end - since:
            rows.read(meta, since, end)  # which names the first hole
            raise Hole(since + 1, end)
        times = np.maximum.accumulate(np.maximum(page.times, newest))
        newest, since = int(times[-1]), end
        yield replace(page, times=times)


def _read(meta: CanvasMeta, since: int, until: int, key: bytes) -> Batch:
    leaving = list(Forgetting.objects.values_list("actor", flat=True))
    if connection.vendor != "postgresql":
        return _read_rows(meta, since, until, key, set(leaving))
    inner, outer = hmac_pads(key)
    parameters = {
        "deleted": DELETED,
        "leaving": leaving,
        "nobody": bytes(PERSON_BYTES),
        "inner": inner,
        "outer": outer,
    }
    found = row_bytes.read(meta, since, until, PERSON, PERSON_BYTES, parameters)
    return Batch(
        row_bytes.milliseconds(found),
        found["x"].astype(np.uint16),
        found["y"].astype(np.uint16),
        found["color"].astype(np.uint8),
        found["flags"].astype(np.uint8),
        np.ascontiguousarray(found["more"]),
    )


def _read_rows(meta: CanvasMeta, since: int, until: int, key: bytes, leaving: set[str]) -> Batch:
    """Read a page by rows, where the database cannot make it bytes."""
    hashed = lru_cache(maxsize=10_000)(lambda actor: person_hash(key, actor))
    found = rows.read(meta, since, until)
    placements = Placement.objects.filter(canvas_id=meta.id, seq__gt=since, seq__lte=until)
    who = placements.order_by("seq").values_list("actor", "username")

    def person(actor: str, username: str) -> bytes:
        is_nobody = (
            username == DELETED or actor in leaving or actor.startswith(row_bytes.MODERATION)
        )
        return bytes(PERSON_BYTES) if is_nobody else hashed(actor)

    persons = b"".join(person(*each) for each in who)
    return Batch(
        np.array(found.times, np.int64),
        np.array(found.columns.xs, np.uint16),
        np.array(found.columns.ys, np.uint16),
        np.frombuffer(bytes(found.columns.colors), np.uint8),
        np.frombuffer(found.flags, np.uint8),
        np.frombuffer(persons, np.uint8).reshape(-1, PERSON_BYTES),
    )
