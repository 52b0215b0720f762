"""All that the database knows about the orders of one transaction, read by one statement."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypedDict

import orjson
from django.db import connection

from accounts import bans, existence, names, rights_version
from accounts.bans import Bans
from canvas.domain.cooldown import Spending
from canvas.domain.rules import CanvasMeta
from canvas.ledger import allowances, moments, reads
from canvas.ledger.inserts import Row
from canvas.ledger.moments import Moment
from canvas.ledger.reads import Spot
from canvas.models import Canvas, Placement, Retry

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Question(NamedTuple):
    """The persons, chosen names and ids of retries that the orders of a transaction hold."""

    actors: set[str]
    names: set[str]
    retries: set[tuple[str, str]]  # each an actor and a client_id
    over: set[int]  # seqs of the placements that orders are to be placed over


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


def read(asked: Sequence[tuple[Canvas, Question]]) -> list[Facts]:
    """Read under the locks of the canvas rows, in one round trip that follows the lock.

    On SQLite, where none costs a round trip, by several statements a canvas.
    """
    if connection.vendor == "postgresql":
        return _read_at_once([_Asked.of(canvas, question) for canvas, question in asked])
    return [_read_each(canvas, question) for canvas, question in asked]


def _read_each(canvas: Canvas, question: Question) -> Facts:
    meta, moment = canvas.meta(), moments.read(canvas)
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


# One statement for all canvases, since to plan it takes longer than to run it for one of them. Each
# part asks for its rows one by one, by a unique index. PostgreSQL may join tables that it has no
# statistics of in another way, by reading all of them; and on a canvas that is newer than its
# statistics it takes any index that begins with the canvas, unless another has the order asked for.
# The locks of the accounts hold until the transaction ends.
READ = f"""
SELECT
asked.canvas,
({rights_version.NUMBER_SQL}),
statement_timestamp(),
(
    SELECT placed_at FROM canvas_placement
    WHERE canvas_id = asked.canvas AND seq <= asked.newest_seq
    ORDER BY seq DESC LIMIT 1
),
ARRAY({existence.existing_sql("asked.accounts")}),
ARRAY({names.in_use_sql("asked.skeletons")}),
(
    SELECT json_agg(answer)::text
    FROM unnest(asked.retriers, asked.client_ids) AS again (actor, client_id)
    CROSS JOIN LATERAL (
        SELECT seq FROM canvas_retry AS retry
        WHERE canvas_id = asked.canvas
        AND retry.actor = again.actor AND retry.client_id = again.client_id LIMIT 1
    ) AS retry
    CROSS JOIN LATERAL (
        SELECT json_build_array(
            again.actor, client_id, canvas_id, seq, x, y, color, actor, username,
            {_microseconds("placed_at")}
        ) AS answer
        FROM canvas_placement
        WHERE canvas_id = asked.canvas AND seq >= retry.seq AND seq <= retry.seq
        ORDER BY canvas_placement.seq LIMIT 1
    ) AS placement
),
(
    SELECT json_agg(spending)::text
    FROM unnest(asked.actors) AS person (actor)
    CROSS JOIN LATERAL (
        SELECT json_build_array(actor, {_microseconds("at")}, charges) AS spending
        FROM canvas_spentcharges AS spent
        WHERE canvas_id = asked.canvas AND spent.actor = person.actor LIMIT 1
    ) AS spent
),
(
    SELECT json_agg(json_build_array(seq, x, y))::text
    FROM unnest(asked.drawn_over) AS former (number)
    CROSS JOIN LATERAL (
        SELECT seq, x, y FROM canvas_placement
        WHERE canvas_id = asked.canvas AND seq >= former.number AND seq <= former.number
        ORDER BY canvas_placement.seq LIMIT 1
    ) AS placement
    WHERE seq = (
        SELECT newest.seq FROM canvas_placement AS newest
        WHERE canvas_id = asked.canvas AND newest.x = placement.x AND newest.y = placement.y
        ORDER BY newest.seq DESC LIMIT 1
    )
)
FROM json_to_recordset(%(asked)s) AS asked (
    canvas bigint, newest_seq bigint, accounts int[], skeletons text[], actors text[],
    retriers text[], client_ids text[], drawn_over bigint[]
)
"""  # noqa: S608 - made of constants


class _Columns(TypedDict):
    """A question as READ takes it."""

    canvas: int
    newest_seq: int
    accounts: list[int]
    skeletons: list[str]
    actors: list[str]
    retriers: list[str]  # the actors of the retries, beside their ids
    client_ids: list[str]
    drawn_over: list[int]


class _Asked(NamedTuple):
    """A question about a locked canvas, and what its answer is read by."""

    canvas: Canvas
    question: Question
    accounts: Mapping[int, str]  # persons, by the id of their account
    skeletons: Mapping[str, str]  # of the chosen names

    @classmethod
    def of(cls, canvas: Canvas, question: Question) -> "_Asked":
        accounts = existence.accounts_of(question.actors)
        return cls(canvas, question, accounts, names.skeletons(question.names))

    def columns(self) -> _Columns:
        question = self.question
        return {
            "canvas": self.canvas.pk,
            "newest_seq": self.canvas.seq,
            "accounts": list(self.accounts),
            "skeletons": list(self.skeletons.values()),
            "actors": list(question.actors),
            "retriers": [actor for actor, _client_id in question.retries],
            "client_ids": [client_id for _actor, client_id in question.retries],
            "drawn_over": list(question.over),
        }

    def facts(self, answer: Sequence[Any]) -> Facts:
        """Make facts of the columns that follow the canvas in an answer of READ."""
        number, now, placed_at, living, in_use, retries, spent, newest = answer
        moment = Moment.of(self.canvas, number, now, placed_at)
        return Facts(
            meta=self.canvas.meta(),
            seq=self.canvas.seq,
            moment=moment,
            bans=bans.as_of(moment.rights),
            gone={self.accounts[pk] for pk in self.accounts.keys() - set(living)},
            taken_names=names.taken_of(self.skeletons, in_use),
            answered={
                (actor, client_id): Row._make([*columns, _time(at), None, False])
                for actor, client_id, *columns, at in _rows(retries)
            },
            spent={actor: Spending(_time(at), float(left)) for actor, at, left in _rows(spent)},
            newest={Spot(*columns) for columns in _rows(newest)},
        )


def _read_at_once(asked: Sequence[_Asked]) -> list[Facts]:
    questions = [each.columns() for each in asked]
    with connection.cursor() as cursor:
        cursor.execute(READ, {"asked": orjson.dumps(questions).decode()})
        answers = {canvas: answer for canvas, *answer in cursor.fetchall()}
    return [each.facts(answers[each.canvas.pk]) for each in asked]


def _rows(text: str | None) -> Iterable[Any]:
    return orjson.loads(text) if text else ()


def _time(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)
