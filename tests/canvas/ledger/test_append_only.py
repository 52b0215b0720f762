"""The database itself refuses to rewrite the ledger."""

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
        "program = true",
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
    """A person who asks to be forgotten is; the pixel stays."""
    place("main", [order()])
    run("UPDATE canvas_placement SET username = 'gone', actor = 'gone'")
    assert Placement.objects.get().username == "gone"
