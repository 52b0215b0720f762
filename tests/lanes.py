"""A pytest plugin: marks for what tests need, `--quick` for those that need no service.

`--rest` chooses the others, and those whose outcome may depend on the database. `make test` runs
the core of them: what needs PostgreSQL or Redis in one process, and some files of others.
"""

import os
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.support import postgres, redis
from tests.support.processes import ProcessError

# The marks of tests that `--quick` leaves out, and what each of them needs.
NEEDS = {
    "browser": "Chromium",
    "firefox": "Firefox",
    "measured": "a machine with nothing else to do",
    "pods": "real server processes",
    "postgres": "PostgreSQL",
    "redis": "Redis",
    "slow": "half a second or more each",
    "tools": "kubectl or promtool",
}
ONE_PROCESS = {"postgres", "redis", "tools"}  # needs of tests that are all in the core
DATABASE = {"db", "transactional_db", "django_db_setup"}  # fixtures
FIXTURES = {"redis_server": "redis", "manifests": "tools"}  # tests that use one get the mark
KEPT = ("auth_permission", "django_content_type")  # tables that follow from the models
TOLD = 600  # characters of a failure that are kept
LARGE = 512 * 1024  # bytes of a table that is truncated between tests
FAILURES = "FAILURES"  # a variable: the file that `make test` gathers the failures of all lanes in
LEFT_OUT = pytest.StashKey[Counter[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--quick",
        action="store_true",
        help="only tests that need no service, on SQLite; at the end it says what it left out",
    )
    parser.addoption(
        "--rest",
        action="store_true",
        help="all but the tests of --quick that use no database: they need no second run",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LEFT_OUT] = Counter()
    empty_tables_quickly()
    if config.option.quick:
        forbid_services()
        serve_unlisted()


def forbid_services() -> None:
    """Fail a test that starts a service without the mark for it, on every machine alike."""

    def refuse(*_: object) -> str:
        raise ProcessError("--quick starts no service: mark the test with what it needs")

    for support in (postgres, redis):
        vars(support)["binary"] = refuse


def empty_tables_quickly() -> None:
    """Have Django empty only the tables that do not follow from the models, in the quickest way.

    It empties all of them after each test that commits, and makes permissions and content types
    anew, which takes longer than most of these tests.
    """
    from django.core.management.commands import flush  # not before the settings are read

    vars(flush).update(sql_flush=emptying, emit_post_migrate_signal=lambda *_, **__: None)


def emptying(style: Any, connection: Any, **options: Any) -> list[str]:
    """Return the statements that empty the tables.

    PostgreSQL takes 1 ms to delete a few rows of each, and 40 to 80 ms to truncate them, which
    makes new files: only large ones are worth that. Its triggers, which guard the ledger and
    foreign keys, are off for that long.
    """
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    others = [table for table in tables if table not in KEPT]
    if connection.vendor == "postgresql":
        large = large_tables(connection)
        orders = [
            f'TRUNCATE "{table}" CASCADE' if table in large else f'DELETE FROM "{table}"'
            for table in others
        ]
        return ["; ".join(["SET LOCAL session_replication_role = replica", *orders])]
    statements: list[str] = connection.ops.sql_flush(style, others, **options)
    return statements


def large_tables(connection: Any) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_relation_size(oid) > %s",
            [LARGE],
        )
        return {name for (name,) in cursor.fetchall()}


def serve_unlisted() -> None:
    """Look for a static file when it is asked for: every client of a test would list them all."""
    from django.conf import settings

    settings.WHITENOISE_AUTOREFRESH = True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for fixture in FIXTURES.keys() & getattr(item, "fixturenames", ()):
            item.add_marker(FIXTURES[fixture])
        if belongs_to_core(item):
            item.add_marker("core")
    if config.option.quick:
        quick = [item for item in items if not needs(item)]
        config.stash[LEFT_OUT].update(chain.from_iterable(map(needs, items)))
        choose(config, items, quick)
    elif config.option.rest:
        choose(config, items, [item for item in items if needs(item) or uses_database(item)])


def needs(item: pytest.Item) -> list[str]:
    return [mark for mark in NEEDS if item.get_closest_marker(mark)]


def belongs_to_core(item: pytest.Item) -> bool:
    found = needs(item)
    return bool(found) and ONE_PROCESS.issuperset(found) and not item.get_closest_marker("long")


def uses_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return bool(item.get_closest_marker("django_db")) or not DATABASE.isdisjoint(fixtures)


def choose(config: pytest.Config, items: list[pytest.Item], chosen: list[pytest.Item]) -> None:
    kept = set(chosen)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = chosen


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    keep_failures(terminalreporter)
    left_out = config.stash[LEFT_OUT]
    if left_out:
        terminalreporter.section("left out; a test may need several of these")
    for mark, number in sorted(left_out.items()):
        terminalreporter.line(f"{number:5} -m {mark:9} need {NEEDS[mark]}")


def keep_failures(reporter: pytest.TerminalReporter) -> None:
    """Append the failures of this run to the file FAILURES: those of another lane follow."""
    file = os.environ.get(FAILURES)
    failed = [*reporter.getreports("failed"), *reporter.getreports("error")]
    if file and failed:
        with Path(file).open("a") as kept:
            kept.writelines(f"{told(report)}\n" for report in failed)


def told(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Return the name of a test and the last line of what it met."""
    crash = getattr(report.longrepr, "reprcrash", None)
    text = crash.message if crash else report.longreprtext
    return f"{report.nodeid}: {text.strip()[:TOLD]}"
