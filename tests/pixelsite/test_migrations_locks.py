"""A migration of a table that grows with what is placed holds nobody up: it neither rewrites it nor
reads it whole under a lock, and does not queue for a lock for long.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import OperationalError, connections
from django.db.migrations.executor import MigrationExecutor
from pytest_django import DjangoDbBlocker

from canvas.management.commands import migrate as command
from tests.pixelsite.test_migrations import APPS
from tests.services import DATABASES
from tests.support.fresh_database import ALIAS, fresh_database, migrate

pytestmark = pytest.mark.postgres

GROWING = ("canvas_placement", "canvas_retry", "canvas_spentcharges")

# Migrations of 0.1 and of 0.2 up to the wire format of today; no pod runs beside them.
BEFORE_PODS = "pods stop for it: no site runs 0.1"
STOPPED = {
    "canvas.0006_restores_index": BEFORE_PODS,
    "canvas.0015_spent_charges": BEFORE_PODS,
}

WHOLE = (  # statements that read or write a whole table under a lock that writers wait for
    r'^CREATE (UNIQUE )?INDEX (?!CONCURRENTLY).* ON "{table}"',
    r'^ALTER TABLE "{table}" ADD CONSTRAINT (?!.*NOT VALID)',
    r'^ALTER TABLE "{table}" ADD COLUMN .*\b(UNIQUE|GENERATED|random|clock_timestamp)\b',
    r'^ALTER TABLE "{table}" ALTER COLUMN .* (TYPE|SET NOT NULL)',
    r'^(UPDATE|DELETE FROM|LOCK TABLE|VACUUM FULL|CLUSTER) "?{table}"?',
    r'^REINDEX (?!.*CONCURRENTLY).*"?{table}"?',
)


def holds_up(statement: str, tables: list[str]) -> bool:
    words = " ".join(statement.split())
    return any(
        re.search(each.format(table=table), words, re.I) for each in WHOLE for table in tables
    )


@contextmanager
def recorded() -> Iterator[list[str]]:
    """Record each statement that is sent to the fresh database."""
    statements: list[str] = []

    def record(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        statements.append(str(sql))
        return execute(sql, params, many, context)

    with connections[ALIAS].execute_wrapper(record):
        yield statements


def files_of(tables: list[str]) -> dict[str, int]:
    """Return the file of each table: a rewrite makes another."""
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT name, pg_relation_filenode(name) FROM unnest(%s::text[]) name", [tables]
        )
        return dict(cursor.fetchall())


def test_no_migration_holds_a_growing_table(
    django_db_blocker: DjangoDbBlocker, pytestconfig: pytest.Config
) -> None:
    found: dict[str, list[str]] = {}
    with fresh_database(django_db_blocker, pytestconfig.stash[DATABASES].create()):
        executor = MigrationExecutor(connections[ALIAS])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        for migration, _ in plan:
            if migration.app_label not in APPS:
                continue
            there = connections[ALIAS].introspection.table_names()
            tables = [each for each in GROWING if each in there]
            files = files_of(tables)
            with recorded() as statements:
                migrate(migration.app_label, migration.name)
            wrong = [each for each in statements if holds_up(each, tables)]
            wrong += [
                f"{name} is rewritten" for name, _ in files.items() - files_of(tables).items()
            ]
            if wrong:
                found[str(migration)] = wrong
    assert found.keys() == STOPPED.keys(), found


@pytest.mark.parametrize(
    "statement",
    [
        'CREATE INDEX "i" ON "canvas_placement" ("x")',
        'ALTER TABLE "canvas_placement" ADD CONSTRAINT "c" CHECK (x > 0)',
        'ALTER TABLE "canvas_placement" ALTER COLUMN "x" TYPE bigint',
        'ALTER TABLE "canvas_placement" ALTER COLUMN "x" SET NOT NULL',
        'UPDATE "canvas_placement" SET "x" = 1',
    ],
)
def test_what_would_is_seen(statement: str) -> None:
    assert holds_up(statement, ["canvas_placement"])


@pytest.mark.parametrize(
    "statement",
    [
        'CREATE INDEX CONCURRENTLY "i" ON "canvas_placement" ("x")',
        'ALTER TABLE "canvas_placement" ADD COLUMN "n" smallint DEFAULT 1 NOT NULL',
        'ALTER TABLE "canvas_placement" ADD CONSTRAINT "c" CHECK (x > 0) NOT VALID',
        'CREATE INDEX "i" ON "canvas_canvas" ("x")',
    ],
)
def test_what_would_not_is_let_be(statement: str) -> None:
    assert not holds_up(statement, ["canvas_placement"])


def test_it_does_not_queue_for_a_lock_but_tries_again(
    django_db_blocker: DjangoDbBlocker, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A statement that waits for the table has everybody wait who comes after it."""
    url = pytestconfig.stash[DATABASES].create()
    held, tried = psycopg.connect(url), threading.Event()
    monkeypatch.setattr(command, "LOCK_TIMEOUT", 0.05)
    monkeypatch.setattr(command, "PAUSE", 0.0)
    with fresh_database(django_db_blocker, url), held:
        migrate("canvas", "0010_retries")
        held.execute("SELECT 1 FROM canvas_placement")  # a reader whose transaction stays open

        def let_go(_: float) -> None:
            tried.set()
            held.rollback()

        monkeypatch.setattr(command, "sleep", let_go)
        migrate("canvas", "0011_segments")
    assert tried.is_set()


def test_it_gives_up_in_the_end(
    django_db_blocker: DjangoDbBlocker, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = pytestconfig.stash[DATABASES].create()
    monkeypatch.setattr(command, "LOCK_TIMEOUT", 0.05)
    monkeypatch.setattr(command, "PAUSE", 0.0)
    monkeypatch.setattr(command, "ATTEMPTS", 2)
    with fresh_database(django_db_blocker, url), psycopg.connect(url) as held:
        migrate("canvas", "0010_retries")
        held.execute("SELECT 1 FROM canvas_placement")
        with pytest.raises(OperationalError, match="lock timeout"):
            call_command("migrate", "canvas", "0011_segments", database=ALIAS, verbosity=0)
