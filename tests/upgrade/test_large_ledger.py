"""Placements go on while a large ledger is migrated.

UPGRADE_ROWS=5000000 with `pytest -s` prints the figures of docs/reliability.md.
"""

import os
import threading
import time
from typing import NamedTuple, Self

import psycopg
import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from pytest_django import DjangoDbBlocker

from canvas.ledger.locking import LOCK_TIMEOUT
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
# Seconds that no placement may wait for longer: pods give up after LOCK_TIMEOUT, 4 s. `migrate`
# holds none up for over half a second; the rest is for a machine that has other work, where the
# longest was 1.7 s (at a load of 18).
LONGEST = 3.0
PATIENCE = 60.0  # seconds until the next placement has to be there at all


class Waits(NamedTuple):
    """Waits of placements: how many placements there were, and the longest of them in seconds."""

    placed: int = 0
    longest: float = 0.0


class Placing:
    """Person who places all the time, in a thread, and waits for a lock as long as a pod does."""

    def __init__(self, url: str) -> None:
        self._waits = Waits()
        self._error: Exception | None = None
        self._changed = threading.Condition()
        self._connection = psycopg.connect(url, autocommit=True)
        self._connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT} s'")
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._place)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._is_over.set()
        self._thread.join()
        self._connection.close()

    def take(self) -> Waits:
        """Return the waits since the last time, with that of the placement that is under way.

        Fail where it could not be placed, or none is there within PATIENCE.
        """
        with self._changed:
            placed = self._waits.placed
            self._changed.wait_for(lambda: self._error or self._waits.placed > placed, PATIENCE)
            found, self._waits = self._waits, Waits()
            assert self._error is None, f"a placement failed: {self._error!r}"
            assert found.placed > placed, f"no placement within {PATIENCE} s"
        return found

    def _place(self) -> None:
        while self._error is None and not self._is_over.wait(PAUSE):
            began, error = time.perf_counter(), None
            try:
                self._connection.execute(PLACE)
            except psycopg.Error as raised:
                error = raised
            waited = time.perf_counter() - began
            with self._changed:
                placed, longest = self._waits
                self._error, self._waits = error, Waits(placed + 1, max(longest, waited))
                self._changed.notify_all()


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
            _tell("nothing", 1.0, placing.take())
            for migration in plan:
                began = time.perf_counter()
                migrate(migration.app_label, migration.name)
                seconds, waits = time.perf_counter() - began, placing.take()
                _tell(str(migration), seconds, waits)
                assert waits.longest <= LONGEST, f"{migration} held a placement up"


def _tell(name: str, seconds: float, waits: Waits) -> None:
    took, longest = f"{name}: {seconds:.2f} s", waits.longest * 1000
    print(f"{took}, {waits.placed} placements, the longest {longest:.0f} ms")  # noqa: T201
