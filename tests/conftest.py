"""Fixtures of all tests: a canvas, a pod that serves it, and a pod's connection to Redis."""

import os
from collections.abc import AsyncIterator, Iterator
from typing import Any

import hypothesis
import pytest
from django.db import connection as database

from accounts import limits
from accounts.limits import Limiter
from canvas.ledger import withheld
from canvas.models import Canvas
from canvas.pod.pod import Pod, current_pod
from pixelsite.redis.connection import SharedConnection
from pixelsite.redis.layers import MemoryLayer
from presence.leases import MemoryLeases
from tests.canvas.helpers import HEIGHT, PALETTE, WIDTH, open_accounts
from tests.support.redis import RedisServer
from tests.support.redis_connection import connect_to

hypothesis.settings.register_profile("quick", deadline=None, max_examples=60)
hypothesis.settings.register_profile("thorough", deadline=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let Django empty the tables of the test database after a test that commits.

    PostgreSQL makes no statistics by itself, which would be of rows that are gone since: with them
    it takes other plans, now and then.
    """
    if database.vendor == "postgresql":
        with django_db_blocker.unblock(), database.cursor() as cursor:
            for table in ("canvas_placement", "moderation_operation", "accounts_ban"):
                cursor.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
            for table in database.introspection.table_names():
                cursor.execute(f'ALTER TABLE "{table}" SET (autovacuum_enabled = off)')


@pytest.fixture(autouse=True)
def _nothing_withheld() -> Iterator[None]:
    """Forget what a test has told people on the shadow list: others ban the same people."""
    yield
    withheld.told.forget_all()


@pytest.fixture(autouse=True)
def _nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with no attempts and requests of the network that all tests come from."""
    monkeypatch.setattr(limits, "_without_pod", Limiter())


@pytest.fixture
def main(transactional_db: None) -> Canvas:
    """The canvas `main`, small, empty and without a cooldown.

    Alice and Bob have accounts. What is placed on it is committed, so that other threads and
    connections see it; the test leaves an empty database, without the canvas of the migrations.
    """
    rules = {"width": WIDTH, "height": HEIGHT, "palette": list(PALETTE), "own_cooldown_ms": 0}
    canvas, _created = Canvas.objects.update_or_create(slug="main", defaults=rules)
    open_accounts()
    return canvas


@pytest.fixture
async def pod(main: Canvas) -> AsyncIterator[Pod]:
    """The pod of this process, alone, on the test's event loop."""
    pod = Pod("pod-1", MemoryLayer(), MemoryLeases())
    await pod.start()
    current_pod.set(pod)
    yield pod
    current_pod.reset()
    await pod.stop()


@pytest.fixture
async def connection(redis_server: RedisServer) -> AsyncIterator[SharedConnection]:
    connection = connect_to(redis_server.url)
    yield connection
    await connection.close()
