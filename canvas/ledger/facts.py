"""All that the database knows about the orders of one transaction, read by one statement."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import orjson
from django.db import connection
from django.db.models import Subquery
from django.db.models.functions import Now

from accounts import bans, existence, names, rights_version
from accounts.bans import Bans
from accounts.rights_version import RightsVersion
from canvas.domain.clock import CanvasClock, clock_of
from canvas.domain.cooldown import Spending
from canvas.domain.rules import CanvasMeta
from canvas.ledger import allowances, reads
from canvas.ledger.inserts import Row
from canvas.ledger.reads import Spot
from canvas.models import Canvas, Placement, Retry

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Question(NamedTuple):
    """The persons, chosen names and ids of retries that the orders of a transaction hold."""

    actors: set[str]
    names: set[str]
    retries: set[tuple[str, str]]  # each an actor and a client_id
    over: set[int]  # seqs of the placements that orders are to be placed over


class Moment(NamedTuple):
    """The times of a transaction on a locked canvas."""

    rights: RightsVersion
    placed_at: datetime  # of a placement made now: by the database's clock, but never going back
    clock: CanvasClock  # for cooldowns

    @property
    def now(self) -> datetime:
        """The time by the database's clock."""
        return self.rights.now

    @classmethod
    def of(
        cls, canvas: Canvas, number: int | None, now: datetime, newest: datetime | None
    ) -> "Moment":
        """`newest` is the time of the newest placement."""
        clock = clock_of(canvas.clock, canvas.clock_source, now)
        return cls(RightsVersion(number or 0, now), max(now, newest or now), clock)


class Facts(NamedTuple):
    """Everything in the database that concerns the orders of one transaction."""

    meta: CanvasMeta
    seq: int  # of the newest placement
    moment: Moment
    bans: Bans
    gone: set[str]  # persons whose account is no more
    taken_names: set[str]
    answered: Mapping[tuple[str, str], Placement | Row]  # by the keys of retries that were made
    spent: Mapping[str, Spending]  # by actor
    newest: set[Spot]  # of the placements to be placed over, those that are the newest there


def read_moment(canvas: Canvas) -> Moment:
    """Read the times, and the version of people's rights, of a locked canvas.

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


def read(asked: Sequence[tuple[Canvas, Question]]) -> list[Facts]:
    """Read under the locks of the canvas rows, in one round trip that follows the lock.

    On SQLite, where none costs a round trip, by several statements a canvas.
    """
    if connection.vendor == "postgresql":
        return _read_at_once([_Asked.of(canvas, question) for canvas, question in asked])
    return [_read_each(canvas, question) for canvas, question in asked]


def _read_each(canvas: Canvas, question: Question) -> Facts:
    meta, moment = canvas.meta(), read_moment(canvas)
    return Facts(
        meta=meta,
        seq=canvas.seq,
        moment=moment,
        bans=bans.as_of(moment.rights),
        gone=existence.gone(question.actors),
        taken_names=names.taken(question.names),
        answered=_answered(canvas, question),
        spent=allowances.spent(canvas.pk, question.actors),
        newest=reads.newest_of(meta, question.over),
    )


def _answered(canvas: Canvas, question: Question) -> dict[tuple[str, str], Placement | Row]:
    """Return the rows of the orders that come again, by actor and client_id."""
    client_ids = {client_id for _actor, client_id in question.retries}
    retries = Retry.objects.filter(
        canvas=canvas, actor__in=question.actors, client_id__in=client_ids
    )
    seqs = {(row.actor, row.client_id): row.seq for row in retries}
    placements = Placement.objects.filter(canvas=canvas, seq__in=list(seqs.values()))
    rows = {row.seq: row for row in placements}
    return {key: rows[seq] for key, seq in seqs.items() if seq in rows}


def _microseconds(column: str) -> str:
    return f"(extract(epoch FROM {column}) * 1000000)::bigint"


# Each part asks for its rows one by one, by a unique index. PostgreSQL may join tables that it has
# no statistics of in another way, by reading all of them; and on a canvas that is newer than its
# statistics it takes any index that begins with the canvas, unless another has the order asked for.
# The locks of the accounts hold until the transaction ends.
READ = f"""
SELECT
({rights_version.NUMBER_SQL}),
statement_timestamp(),
(
    SELECT placed_at FROM canvas_placement WHERE canvas_id = %(canvas)s AND seq <= %(seq)s
    ORDER BY seq DESC LIMIT 1
),
ARRAY({existence.SHARED}),
ARRAY({names.IN_USE}),
(
    SELECT json_agg(answer)::text
    FROM unnest(%(retriers)s::text[], %(client_ids)s::text[]) AS asked (actor, client_id)
    CROSS JOIN LATERAL (
        SELECT seq FROM canvas_retry AS retry
        WHERE canvas_id = %(canvas)s
        AND retry.actor = asked.actor AND retry.client_id = asked.client_id LIMIT 1
    ) AS retry
    CROSS JOIN LATERAL (
        SELECT json_build_array(
            asked.actor, client_id, canvas_id, seq, x, y, color, actor, username,
            {_microseconds("placed_at")}
        ) AS answer
        FROM canvas_placement
        WHERE canvas_id = %(canvas)s AND seq >= retry.seq AND seq <= retry.seq
        ORDER BY canvas_placement.seq LIMIT 1
    ) AS placement
),
(
    SELECT json_agg(spending)::text
    FROM unnest(%(actors)s::text[]) AS asked (actor)
    CROSS JOIN LATERAL (
        SELECT json_build_array(actor, {_microseconds("at")}, charges) AS spending
        FROM canvas_spentcharges AS spent
        WHERE canvas_id = %(canvas)s AND spent.actor = asked.actor LIMIT 1
    ) AS spent
),
(
    SELECT json_agg(json_build_array(seq, x, y))::text
    FROM unnest(%(over)s::bigint[]) AS asked (over)
    CROSS JOIN LATERAL (
        SELECT seq, x, y FROM canvas_placement
        WHERE canvas_id = %(canvas)s AND seq >= asked.over AND seq <= asked.over
        ORDER BY canvas_placement.seq LIMIT 1
    ) AS placement
    WHERE seq = (
        SELECT newest.seq FROM canvas_placement AS newest
        WHERE canvas_id = %(canvas)s AND newest.x = placement.x AND newest.y = placement.y
        ORDER BY newest.seq DESC LIMIT 1
    )
)
"""  # noqa: S608 - made of constants


class _Asked(NamedTuple):
    """A question about a locked canvas, as its statement takes it."""

    canvas: Canvas
    question: Question
    accounts: Mapping[int, str]  # persons, by the id of their account
    skeletons: Mapping[str, str]  # of the chosen names

    @classmethod
    def of(cls, canvas: Canvas, question: Question) -> "_Asked":
        accounts = existence.accounts_of(question.actors)
        return cls(canvas, question, accounts, names.skeletons(question.names))

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of READ."""
        question = self.question
        return {
            "canvas": self.canvas.pk,
            "seq": self.canvas.seq,
            "accounts": list(self.accounts),
            "skeletons": list(self.skeletons.values()),
            "actors": list(question.actors),
            "retriers": [actor for actor, _client_id in question.retries],
            "client_ids": [client_id for _actor, client_id in question.retries],
            "over": list(question.over),
        }

    def facts(self, row: Sequence[Any]) -> Facts:
        """Make facts of the row that the statement returned."""
        number, now, placed_at, living, in_use, retries, spent, newest = row
        moment = Moment.of(self.canvas, number, now, placed_at)
        return Facts(
            meta=self.canvas.meta(),
            seq=self.canvas.seq,
            moment=moment,
            bans=bans.as_of(moment.rights),
            gone={self.accounts[pk] for pk in self.accounts.keys() - set(living)},
            taken_names=names.taken_of(self.skeletons, in_use),
            answered={
                (actor, client_id): Row._make([*columns, _moment(at), None, False])
                for actor, client_id, *columns, at in _rows(retries)
            },
            spent={actor: Spending(_moment(at), float(left)) for actor, at, left in _rows(spent)},
            newest={Spot(*columns) for columns in _rows(newest)},
        )


def _read_at_once(asked: Sequence[_Asked]) -> list[Facts]:
    with connection.cursor() as cursor:
        compose = cursor.cursor.mogrify
        cursor.execute(";".join(compose(READ, each.parameters()) for each in asked))
        found = []
        for each in asked:
            found.append(each.facts(cursor.fetchone()))
            cursor.nextset()
    return found


def _rows(text: str | None) -> Iterable[Any]:
    return orjson.loads(text) if text else ()


def _moment(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)
