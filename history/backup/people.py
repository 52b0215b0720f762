"""The people of a segment's placements, as a backup with names keeps them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import NamedTuple

from canvas.domain.rules import NAME_LENGTH, CanvasMeta
from canvas.ledger import proof, reads
from canvas.ledger.inserts import Row
from canvas.ledger.loading import MODERATOR
from canvas.ledger.row_bytes import MODERATION
from canvas.ledger.segment_format import BY_PROGRAM, Content
from canvas.models import Placement
from history.backup import shape

ACTOR_LENGTH = 64  # characters
FAULTS = (
    *(proof.Unproven, RecursionError, KeyError, TypeError, ValueError, IndexError),
    AttributeError,
)
LONGEST = 64 * 2**20  # bytes, unpacked: 65,536 placements by as many people take 10 MB
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FORMER = "former:"  # begins the actor of a person whose account the backup has not


class People(NamedTuple):
    """An actor and a name for each placement, and the seqs of those that moderation restored."""

    actors: list[str]
    names: list[str]
    restores: dict[int, int]


def read(meta: CanvasMeta, since: int, until: int) -> bytes:
    """Return the people of the placements after `since` up to `until`, gzipped."""
    placements = Placement.objects.filter(canvas_id=meta.id, seq__gt=since, seq__lte=until)
    rows = placements.order_by("seq").values_list("actor", reads.NAME, "restores")
    numbers: dict[tuple[str, str], int] = {}
    who, restores = [], {}
    for place, (actor, name, restored) in enumerate(rows):
        who.append(numbers.setdefault((actor, name), len(numbers)))
        if restored is not None:
            restores[place] = restored
    content = {"people": list(numbers), "who": who, "restores": restores}
    return proof.pack(json.dumps(content, separators=(",", ":")).encode(), 6)


def unpack(packed: bytes, placements: int) -> People:
    """Return what `read` has packed; raise ValueError for anything else."""
    try:
        found = json.loads(proof.unpack_any(packed, LONGEST))
        for actor, name in found["people"]:
            _check_text(actor, ACTOR_LENGTH)
            _check_text(name, NAME_LENGTH)
        people = [found["people"][number] for number in found["who"]]
        restores = {int(place): int(seq) for place, seq in found["restores"].items()}
        if len(people) != placements:
            raise ValueError(f"{len(people)} of {placements} placements")
        shape.check([*restores, *restores.values()], list[int], "restores")
    except FAULTS as error:
        raise ValueError(f"it holds no people: {error}") from None
    return People([actor for actor, _ in people], [name for _, name in people], restores)


def _check_text(text: object, longest: int) -> None:
    shape.check(text, str, "a person")
    if len(str(text)) > longest:
        raise ValueError(f"a person has a text of more than {longest} characters")


def rows_of(content: Content, people: People, *, accounts: bool) -> list[Row]:
    """Return the rows of a segment, by their people.

    The ids of accounts and operations mean others on another site: where the accounts do not come
    along theirs are marked, and moderation is that of an import.
    """
    return list(_rows(content, people, accounts=accounts))


def _rows(content: Content, people: People, *, accounts: bool) -> Iterator[Row]:
    columns, times, flags = content.columns, content.times, content.flags
    whole = zip(count(), *columns, times, flags, people.actors, people.names, strict=False)
    for place, seq, x, y, color, time, bits, actor, name in whole:
        if actor.startswith(MODERATION):
            actor = MODERATOR[0].decode()
        elif actor.startswith("user:") and not accounts:
            actor = f"{FORMER}{actor}"
        at = EPOCH + timedelta(milliseconds=time)
        restores, program = people.restores.get(place), bool(bits & BY_PROGRAM)
        yield Row(0, seq, x, y, color, actor, name, at, restores, program)
