"""The rows of a ledger for an export: by columns, a page at a time, with hashes for persons."""

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from django.db import connection

from accounts.names import DELETED
from canvas.domain.rules import CanvasMeta
from canvas.ledger import row_bytes, rows
from canvas.ledger.faults import Hole
from canvas.models import Forgetting, Placement
from history.datasets.persons import MAX_KNOWN, person_hash
from history.datasets.records import PERSON_BYTES, Batch

PAGE = 65_536  # rows in memory
NOBODY = bytes(PERSON_BYTES)  # in place of a hash

# The columns of a batch but its persons, and the actor of each row, "" for one who has left.
Page = tuple[
    tuple[
        npt.NDArray[np.int64],
        npt.NDArray[np.uint16],
        npt.NDArray[np.uint16],
        npt.NDArray[np.uint8],
        npt.NDArray[np.uint8],
    ],
    list[str],
]


def batches(meta: CanvasMeta, since: int, until: int, key: bytes) -> Iterator[Batch]:
    """Yield the placements after `since` up to `until`, at most PAGE at once; raise Hole.

    Times never fall, as in segments. Accounts that are or will be deleted have no person,
    nor has moderation.
    """
    newest, hashes = 0, Hashes(key)
    while since < until:
        end = min(since + PAGE, until)
        page = _read(meta, since, end, hashes)
        if len(page) < end - since:
            rows.read(meta, since, end)  # which names the first hole
            raise Hole(since + 1, end)
        times = np.maximum.accumulate(np.maximum(page.times, newest))
        newest, since = int(times[-1]), end
        yield replace(page, times=times)


def _read(meta: CanvasMeta, since: int, until: int, hashes: "Hashes") -> Batch:
    leaving = Forgetting.objects.values_list("actor", flat=True)
    is_packed = connection.vendor == "postgresql"
    columns, actors = (_packed if is_packed else _rows)(meta, since, until)
    persons = b"".join(map(hashes.without(leaving).__getitem__, actors))
    return Batch(*columns, np.frombuffer(persons, np.uint8).reshape(-1, PERSON_BYTES))


def _packed(meta: CanvasMeta, since: int, until: int) -> Page:
    found, actors = row_bytes.read_with_actors(meta, since, until)
    columns = (
        row_bytes.milliseconds(found),
        found["x"].astype(np.uint16),
        found["y"].astype(np.uint16),
        found["color"].astype(np.uint8),
        found["flags"].astype(np.uint8),
    )
    return columns, actors


def _rows(meta: CanvasMeta, since: int, until: int) -> Page:
    """Read a page by rows, where the database cannot make it bytes."""
    found = rows.read(meta, since, until)
    placements = Placement.objects.filter(canvas_id=meta.id, seq__gt=since, seq__lte=until)
    who = placements.order_by("seq").values_list("actor", "username")
    columns = (
        np.array(found.times, np.int64),
        np.array(found.columns.xs, np.uint16),
        np.array(found.columns.ys, np.uint16),
        np.frombuffer(bytes(found.columns.colors), np.uint8),
        np.frombuffer(found.flags, np.uint8),
    )
    return columns, ["" if username == DELETED else actor for actor, username in who]


class Hashes(dict[str, bytes]):
    """The hash of each actor in an export. Moderation, "" and who is leaving have none: zeros."""

    def __init__(self, key: bytes) -> None:
        super().__init__()
        self._key = key
        self._leaving: frozenset[str] = frozenset()

    def without(self, leaving: Collection[str]) -> "Hashes":
        """Forget the hashes of people whose accounts will be deleted."""
        self._leaving = frozenset(leaving)
        self.update(dict.fromkeys(self._leaving, NOBODY))
        return self

    def __missing__(self, actor: str) -> bytes:
        if len(self) >= MAX_KNOWN:
            self.clear()
        is_nobody = not actor or actor in self._leaving or actor.startswith(row_bytes.MODERATION)
        self[actor] = NOBODY if is_nobody else person_hash(self._key, actor)
        return self[actor]
