"""The rights of the role that pods use: what they need, and nothing of the owner's."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.apps import apps

from pixelsite.postgres.rights import RIGHTS
from tests.support.processes import POD_ROLE, ProcessError, as_pod, manage, migrate

pytestmark = pytest.mark.postgres

PLACED = """
INSERT INTO canvas_placement (canvas_id, seq, x, y, color, actor, username, placed_at, program)
SELECT id, 1, 2, 3, 4, 'user:1', 'ann', now(), false FROM canvas_canvas
"""


@pytest.fixture(scope="module")
def placed(new_database: Callable[[], str]) -> str:
    """The URL of a ledger with a placement, for its owner."""
    url = new_database()
    with psycopg.connect(url) as owner:
        owner.execute(PLACED)
    return url


@pytest.fixture
def pod(placed: str) -> Iterator[psycopg.Connection]:
    """A connection as a pod has it; what it does is undone."""
    with psycopg.connect(as_pod(placed)) as connection:
        yield connection
        connection.rollback()


def test_every_table_is_listed() -> None:
    """A table that is not would fail in production, where alone this role is used."""
    models = apps.get_models(include_auto_created=True)
    assert RIGHTS.keys() == {each._meta.db_table for each in models} | {"django_migrations"}


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE canvas_placement",
        "TRUNCATE moderation_operation CASCADE",
        "TRUNCATE django_session",
        "DROP TABLE canvas_placement",
        "DROP TRIGGER canvas_placement_append_only ON canvas_placement",
        "ALTER TABLE canvas_placement DISABLE TRIGGER ALL",
        "ALTER TABLE canvas_placement DISABLE TRIGGER canvas_placement_append_only",
        "ALTER TABLE canvas_placement OWNER TO CURRENT_USER",
        "ALTER FUNCTION canvas_placement_is_append_only() RENAME TO gone",
        "CREATE OR REPLACE FUNCTION canvas_placement_is_append_only() RETURNS trigger LANGUAGE sql"
        " AS ''",
        "CREATE TABLE theirs (id bigint)",
        "CREATE SCHEMA theirs",
        "SET session_replication_role = replica",
        "UPDATE canvas_placement SET color = 5",
        "UPDATE canvas_placement SET actor = 'user:2'",
        "UPDATE canvas_placement SET placed_at = now()",
        "DELETE FROM canvas_placement",
        "DELETE FROM moderation_operation",
        "UPDATE moderation_operation SET reason = 'another'",
        "DELETE FROM accounts_ban",
        "UPDATE accounts_ban SET person = 'user:3'",
        "DELETE FROM canvas_segment",
        "UPDATE canvas_segment SET sha256 = ''",
        "DELETE FROM canvas_keyframe",
        "UPDATE canvas_canvasrevision SET seq = 0",
        "DELETE FROM canvas_canvas",
        "INSERT INTO auth_group (name) VALUES ('theirs')",
        "DELETE FROM django_migrations",
        "SELECT setval(pg_get_serial_sequence('canvas_placement', 'id'), 1)",
        "COPY canvas_placement TO PROGRAM 'cat'",
        f"ALTER ROLE {POD_ROLE} SUPERUSER",
    ],
)
def test_a_pod_may_not(pod: psycopg.Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        pod.execute(statement)


def test_a_name_can_be_taken_off_the_ledger(pod: psycopg.Connection) -> None:
    done = pod.execute("UPDATE canvas_placement SET username = '[deleted]'")
    assert done.rowcount == 1


def test_rights_of_before_are_taken_back(database_url: str) -> None:
    with psycopg.connect(database_url) as owner:
        owner.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {POD_ROLE}")
        owner.execute(f"GRANT UPDATE (color) ON canvas_placement TO {POD_ROLE}")
    migrate(database_url)
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with psycopg.connect(as_pod(database_url)) as pod, refused:
        pod.execute("UPDATE canvas_placement SET color = 1")


@pytest.mark.parametrize(
    ("role", "said"), [("nobody_there", "there is no role"), ("postgres", "a role of their own")]
)
def test_a_role_that_cannot_be_granted_rights_is_named(
    database_url: str, role: str, said: str
) -> None:
    environment = {"DATABASE_URL": database_url, "DATABASE_POD_ROLE": role}
    with pytest.raises(ProcessError, match=f"DATABASE_POD_ROLE.*{said}"):
        manage("migrate", environment=environment)


def checked(database_url: str) -> str:
    environment = {"DATABASE_URL": database_url}
    return manage("check", "--deploy", "--database=default", environment=environment)


def test_the_check_warns_of_the_owner_alone(database_url: str) -> None:
    assert "pixelsite.W001" in checked(database_url)
    assert "pixelsite.W001" not in checked(as_pod(database_url))


def test_a_past_is_loaded_by_the_owner_alone(
    new_database: Callable[[], str], placed: str, tmp_path: Path
) -> None:
    folder = str(tmp_path / "backup")
    manage("backup", folder, environment={"DATABASE_URL": as_pod(placed)})
    empty = new_database()
    with pytest.raises(ProcessError, match="the role that owns the tables"):
        manage("restore", folder, environment={"DATABASE_URL": as_pod(empty)})
    manage("restore", folder, environment={"DATABASE_URL": empty})
