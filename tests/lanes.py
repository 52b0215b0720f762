"""A pytest plugin: marks for what tests need, and `--quick` for those that need no service."""

from collections import Counter
from typing import Any

import pytest

from tests.support import postgres, redis
from tests.support.processes import ProcessError

# The marks of tests that `--quick` leaves out, and what each of them needs.
NEEDS = {
    "browser": "Chromium",
    "measured": "a machine with nothing else to do",
    "pods": "real server processes",
    "postgres": "PostgreSQL",
    "redis": "Redis",
    "tools": "kubectl or promtool",
}
FIXTURES = {"redis_server": "redis", "manifests": "tools"}  # tests that use one get the mark
LEFT_OUT = pytest.StashKey[Counter[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--quick",
        action="store_true",
        help="only tests that need no service, on SQLite; at the end it says what it left out",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LEFT_OUT] = Counter()
    if config.option.quick:
        forbid_services()
        keep_permissions()
        serve_unlisted()


def forbid_services() -> None:
    """Fail a test that starts a service without the mark for it, on every machine alike."""

    def refuse(*_: object) -> str:
        raise ProcessError("--quick starts no service: mark the test with what it needs")

    for support in (postgres, redis):
        vars(support)["binary"] = refuse


def keep_permissions() -> None:
    """Leave permissions and content types as they are between two tests.

    They follow from the models. Django deletes and makes them after each test that commits, which
    takes longer than most of these tests.
    """
    from django.core.management.commands import flush  # not before the settings are read

    kept = ('"auth_permission";', '"django_content_type";')
    every_table = vars(flush)["sql_flush"]

    def other_tables(*args: Any, **options: Any) -> list[str]:
        return [each for each in every_table(*args, **options) if not each.endswith(kept)]

    vars(flush).update(sql_flush=other_tables, emit_post_migrate_signal=lambda *_, **__: None)


def serve_unlisted() -> None:
    """Look for a static file when it is asked for: every client of a test would list them all."""
    from django.conf import settings

    settings.WHITENOISE_AUTOREFRESH = True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for fixture in FIXTURES.keys() & getattr(item, "fixturenames", ()):
            item.add_marker(FIXTURES[fixture])
    if config.option.quick:
        leave_out(config, items)


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen: list[pytest.Item] = []
    others: list[pytest.Item] = []
    for item in items:
        needs = [mark for mark in NEEDS if item.get_closest_marker(mark)]
        config.stash[LEFT_OUT].update(needs)
        (others if needs else chosen).append(item)
    items[:] = chosen
    config.hook.pytest_deselected(items=others)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    left_out = config.stash[LEFT_OUT]
    if left_out:
        terminalreporter.section("left out; a test may need several of these")
    for mark, number in sorted(left_out.items()):
        terminalreporter.line(f"{number:5} -m {mark:9} need {NEEDS[mark]}")
