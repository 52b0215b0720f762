"""The settings of each connection to PostgreSQL: a pod that vanishes holds no lock."""

import os
import signal
from contextlib import closing

import psycopg
import pytest
from django.db import connection as database

from pixelsite.conf.database import (
    CONNECT_TIMEOUT,
    IDLE_TIMEOUT,
    KEEPALIVE,
    LOCK_TIMEOUT,
    SOCKET_TIMEOUT,
    STATEMENT_TIMEOUTS,
    session_options,
)
from pixelsite.postgres.connection import ASK_AFTER, Connection

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("lane", STATEMENT_TIMEOUTS)
def test_a_session_has_the_deadlines_of_its_lane(lane: str, database_url: str) -> None:
    with psycopg.connect(database_url, options=session_options(lane)) as connection:

        def shown(name: str) -> object:
            row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
            return row and row[0]

        assert shown("statement_timeout") == f"{STATEMENT_TIMEOUTS[lane]}s"
        assert shown("lock_timeout") == f"{LOCK_TIMEOUT}s"
        assert shown("idle_in_transaction_session_timeout") == f"{IDLE_TIMEOUT}s"


@pytest.mark.django_db
def test_libpq_is_told_when_a_connection_is_dead() -> None:
    database.ensure_connection()
    told = database.connection.info.get_parameters()
    keepalive = [told[f"keepalives_{name}"] for name in ("idle", "interval", "count")]
    assert told["tcp_user_timeout"] == str(SOCKET_TIMEOUT * 1000)
    assert keepalive == list(map(str, KEEPALIVE))
    assert told["connect_timeout"] == str(CONNECT_TIMEOUT)
    assert told.get("keepalives", "1") == "1"


def test_a_pod_that_hangs_in_a_transaction_loses_its_locks(database_url: str) -> None:
    options = session_options("writer").replace(f"={IDLE_TIMEOUT}s", "=1s")
    with closing(psycopg.connect(database_url, options=options)) as hung:
        hung.execute("SELECT * FROM canvas_canvas FOR UPDATE")
        with psycopg.connect(database_url) as other:
            other.execute("SET lock_timeout = '30s'")
            other.execute("SELECT * FROM canvas_canvas FOR UPDATE")


def test_an_answer_that_does_not_come_ends_the_connection(database_url: str) -> None:
    with closing(Connection.connect(database_url, patience=0.2)) as connection:
        with pytest.raises(psycopg.OperationalError, match="no answer within 0.2 s"):
            connection.execute("SELECT pg_sleep(30)")
        assert connection.closed


def test_a_connection_that_the_server_has_ended_is_found_without_a_question(
    database_url: str,
) -> None:
    with closing(Connection.connect(database_url, autocommit=True)) as connection:
        connection.prove()
        pid = connection.info.backend_pid
        with psycopg.connect(database_url) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        with pytest.raises(psycopg.OperationalError):
            connection.prove()


def test_a_connection_that_was_idle_for_long_is_asked_whether_it_lives(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process of the server stands still, as one does that nothing comes from any more."""
    monkeypatch.setattr("pixelsite.postgres.connection.ASK_TIMEOUT", 0.3)
    with closing(Connection.connect(database_url, autocommit=True, patience=60)) as connection:
        connection.used_at -= ASK_AFTER + 1
        connection.prove()
        assert connection.patience == 60
        pid = connection.info.backend_pid
        os.kill(pid, signal.SIGSTOP)
        try:
            with pytest.raises(psycopg.OperationalError, match="no answer within 0.3 s"):
                connection.prove()
        finally:
            os.kill(pid, signal.SIGCONT)
        assert connection.closed
