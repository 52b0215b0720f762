"""The lock of a canvas row, and the transaction around it: bounded, and in few round trips."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import orjson
from django.db import connection, models, transaction

from canvas.domain import parsing
from canvas.domain.errors import UnknownCanvas
from canvas.models import Canvas

LOCK_TIMEOUT = 4.0  # seconds that a transaction waits for a row that another one holds
STATEMENT_TIMEOUT = 4.0  # seconds that each of its statements may take
# Seconds after which PostgreSQL ends a transaction whose pod does nothing, a stopped one for
# example: before those that wait for its lock give up.
IDLE_TIMEOUT = 3.0

# What reads the facts of many canvases is planned for more rows than there are, so PostgreSQL may
# take it for worth compiling (JIT), which takes a hundred times longer than to run it.
LOCK = """
SELECT set_config('lock_timeout', %(lock)s, true), set_config('statement_timeout', %(all)s, true),
    set_config('idle_in_transaction_session_timeout', %(idle)s, true),
    set_config('jit', 'off', true);
SELECT {columns} FROM canvas_canvas WHERE slug = ANY(%(slugs)s) ORDER BY id FOR UPDATE {how}
"""


class Frame(NamedTuple):
    """The statements that begin and end a transaction, to be sent together with others."""

    begin: str = ""
    commit: str = ""


@contextmanager
def frame() -> Iterator[Frame]:
    """Run a transaction whose begin and commit cost no round trips of their own.

    Inside of another transaction, and on SQLite, the frame is empty: there Django begins and
    commits.
    """
    with transaction.atomic():
        if connection.vendor != "postgresql" or len(connection.atomic_blocks) > 1:
            yield Frame()
            return
        # Or psycopg would send BEGIN alone. Django's commit finds nothing left to do, its
        # rollback what there is.
        connection.connection.autocommit = True
        yield Frame("BEGIN;", "; COMMIT")


def lock(slug: str, begin: str = "") -> Canvas:
    """Return the canvas row, held until commit: so the order of seqs is that of commits.

    Raise UnknownCanvas; OperationalError where it is not free within LOCK_TIMEOUT.
    """
    if not parsing.is_slug(slug):
        raise UnknownCanvas(slug)
    found = _lock([slug], begin)
    if not found:
        raise UnknownCanvas(slug)
    return found[0]


def lock_free(slugs: Sequence[str], begin: str = "") -> dict[str, Canvas]:
    """Return those of these canvases, by slug, whose rows no other transaction holds.

    They are held until commit, and locked in the order of their ids: two transactions never wait
    for each other.
    """
    found = _lock([slug for slug in slugs if parsing.is_slug(slug)], begin, "SKIP LOCKED")
    return {canvas.slug: canvas for canvas in found}


def allow_pause(seconds: float) -> None:
    """Let the transaction go without a statement for so long, until its end."""
    if connection.vendor == "postgresql":
        name = "idle_in_transaction_session_timeout"
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [name, _milliseconds(seconds)])


def _lock(slugs: list[str], begin: str, how: str = "") -> list[Canvas]:
    if connection.vendor != "postgresql":  # SQLite has its own `timeout`
        return list(Canvas.objects.select_for_update().filter(slug__in=slugs).order_by("pk"))
    fields = Canvas._meta.concrete_fields
    columns = ", ".join(str(field.column) for field in fields)
    bounds = {
        "lock": _milliseconds(LOCK_TIMEOUT),
        "all": _milliseconds(STATEMENT_TIMEOUT),
        "idle": _milliseconds(IDLE_TIMEOUT),
    }
    with connection.cursor() as cursor:
        statement = LOCK.format(columns=columns, how=how)
        cursor.execute(begin + statement, {"slugs": slugs, **bounds})
        while cursor.nextset():
            pass
        return [_canvas_of(fields, row) for row in cursor.fetchall()]


def _canvas_of(fields: Any, row: Any) -> Canvas:
    values = [
        orjson.loads(value) if isinstance(field, models.JSONField) else value
        for field, value in zip(fields, row, strict=True)
    ]
    return Canvas.from_db(connection.alias, [field.attname for field in fields], values)


def _milliseconds(seconds: float) -> str:
    return f"{round(seconds * 1000)}ms"
