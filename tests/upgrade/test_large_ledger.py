"""Placements go on while a large ledger is migrated.

UPGRADE_ROWS=5000000 with `pytest -s` prints the figures of docs/reliability.md.
"""

import os
import threading
import time
from typing import Self

import psycopg
import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from pytest_django import DjangoDbBlocker

from tests.services import DATABASES
from tests.support.fresh_database import ALIAS, fresh_database, migrate
from tests.upgrade.former import LAST_MIGRATIONS

pytestmark = [pytest.mark.long, pytest.mark.postgres, pytest.mark.timeout(3600)]

ROWS = int(os.environ.get("UPGRADE_ROWS", "100000"))
FILL = """
INSERT INTO canvas_placement
    (canvas_id, seq, x, y, color, actor, username, placed_at, program)
SELECT id, n, (n * 7919::bigint) %% 1000, (n * 104729::bigint) %% 1000, n %% 16,
    'user:' || n %% 150000, 'person' || n %% 150000,
    now() - interval '30 days' + n * interval '0.4 s', false
FROM canvas_canvas, generate_series(1, %s) AS n WHERE slug = 'main'
"""
PLACE = """
WITH head AS (
    UPDATE canvas_canvas SET seq = seq + 1 WHERE slug = 'main' RETURNING id, seq
)
INSERT INTO canvas_placement (canvas_id, seq, x, y, color, actor, username, placed_at, program)
SELECT id, seq, seq % 1000, 1, 1, 'user:1', 'person1', now(), false FROM head
"""
PAUSE = 0.005  # seconds between two placements


class Placing:
    """Person who places all the time, in a thread; `longest` is the longest wait in seconds."""

    def __init__(self, url: str) -> None:
        self.placed = 0
        self.longest = 0.0
        self.error: Exception | None = None
        self._connection = psycopg.connect(url, autocommit=True)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._place)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._is_over.set()
        self._thread.join()
        self._connection.close()

    def take(self) -> tuple[float, int]:
        """Return the longest wait since the last time, and how many were placed."""
        found = self.longest, self.placed
        self.longest, self.placed = 0.0, 0
        return found

    def _place(self) -> None:
        try:
            while not self._is_over.wait(PAUSE):
                began = time.perf_counter()
                self._connection.execute(PLACE)
                self.longest = max(self.longest, time.perf_counter() - began)
                self.placed += 1
        except psycopg.Error as error:
            self.error = error


def test_placements_go_on(django_db_blocker: DjangoDbBlocker, pytestconfig: pytest.Config) -> None:
    url = pytestconfig.stash[DATABASES].create()
    with fresh_database(django_db_blocker, url):
        for app, name in LAST_MIGRATIONS.items():
            migrate(app, name)
        executor = MigrationExecutor(connections[ALIAS])
        plan = [each for each, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
        with psycopg.connect(url, autocommit=True) as filling:
            filling.execute(FILL, [ROWS])
            filling.execute("UPDATE canvas_canvas SET seq = %s WHERE slug = 'main'", [ROWS])
            filling.execute("VACUUM ANALYZE canvas_placement")
        with Placing(url) as placing:
            time.sleep(1)
            _tell("nothing", 1.0, *placing.take())
            for migration in plan:
                began = time.perf_counter()
                migrate(migration.app_label, migration.name)
                _tell(str(migration), time.perf_counter() - began, *placing.take())
        assert placing.error is None


def _tell(name: str, seconds: float, longest: float, placed: int) -> None:
    took = f"{name}: {seconds:.2f} s"
    print(f"{took}, {placed} placements, the longest {longest * 1000:.0f} ms")  # noqa: T201
