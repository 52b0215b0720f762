"""The database itself refuses to rewrite the ledger."""

import psycopg
import pytest
from django.db import Error as DatabaseError
from django.db import connection, transaction

from canvas.models import Canvas, Placement
from canvas.services import place
from tests.canvas.helpers import ON_SQLITE, order

pytestmark = pytest.mark.both_databases


def run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def rows() -> list[tuple[object, ...]]:
    return list(Placement.objects.order_by("seq").values_list())


@pytest.mark.parametrize(
    "change",
    [
        "seq = 9", "x = 9", "y = 9", "color = 1", "canvas_id = 99",
        "placed_at = '2020-01-01 00:00:00+00'", "x = 9, username = 'mallory'",
        "program = true", "actor = 'user:1'", "restores = 1", "id = 99",
        "username = 'mallory'", "username = ''",
    ],
)  # fmt: skip
def test_a_placement_cannot_be_changed(main: Canvas, change: str) -> None:
    place("main", [order(), order()])
    before = rows()
    with pytest.raises(DatabaseError, match="append-only"):
        run(f"UPDATE canvas_placement SET {change} WHERE seq = 1")
    assert rows() == before


@pytest.mark.skipif(ON_SQLITE, reason="SQLite empties its tables by DELETE")
def test_a_placement_cannot_be_deleted(main: Canvas) -> None:
    place("main", [order()])
    with pytest.raises(DatabaseError, match="append-only"):
        run("DELETE FROM canvas_placement")
    assert len(rows()) == 1


def test_a_canvas_with_placements_cannot_be_deleted(main: Canvas) -> None:
    place("main", [order()])
    with pytest.raises(DatabaseError):
        run("DELETE FROM canvas_canvas")
    assert Canvas.objects.exists()


def test_a_name_can_be_taken_out_of_it(main: Canvas) -> None:
    """A person who asks to be forgotten is; the pixel stays, and whose it was."""
    place("main", [order()])
    actor = Placement.objects.get().actor
    run("UPDATE canvas_placement SET username = '[deleted]'")
    assert Placement.objects.values_list("username", "actor").get() == ("[deleted]", actor)


@pytest.mark.skipif(ON_SQLITE, reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("table", ["canvas_placement", "moderation_operation", "accounts_ban"])
@pytest.mark.parametrize("how", ["", "CASCADE", "RESTART IDENTITY CASCADE"])
def test_no_table_that_only_grows_can_be_emptied(database_url: str, table: str, how: str) -> None:
    """In a database as migrations leave it: that of the tests is emptied after each of them."""
    with (
        psycopg.connect(database_url) as connection,
        pytest.raises(psycopg.Error, match="append-only"),
    ):
        connection.execute(f"TRUNCATE {table} {how}")
