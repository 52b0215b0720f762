"""Rows come into the ledger as they are, or not at all."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from canvas.domain.clock import CanvasClock
from canvas.ledger.inserts import Additions, Row, Write, write
from canvas.ledger.placing import Placed
from canvas.models import Canvas, Placement
from canvas.services import place
from tests.canvas.helpers import ALICE, GUEST, order

pytestmark = pytest.mark.both_databases


def row(canvas: Canvas, seq: int, **more: Any) -> Row:
    plain = Row(canvas.pk, seq, 1, 2, 3, "user:1", "Alice", canvas.created_at)
    return plain._replace(**more)


def insert(canvas: Canvas, rows: list[Row]) -> None:
    """Write rows alone."""
    write([Write(canvas, Additions(rows), CanvasClock(canvas.created_at, canvas.created_at))])


def test_a_row_has_each_column_but_the_id() -> None:
    fields = {field.attname for field in Placement._meta.concrete_fields if not field.primary_key}
    assert set(Row._fields) == fields


def test_each_field_is_kept(main: Canvas) -> None:
    strange = 'a\tb\\N\n"c" — ü 😀'
    rows = [
        row(main, 1, username=strange, actor="\\N", restores=None, program=True),
        row(main, 2, username="", restores=1, x=32767, color=255),
    ]
    insert(main, rows)
    stored = Placement.objects.order_by("seq")
    assert list(stored.values_list(*Row._fields)) == rows


@pytest.mark.parametrize("wrong", [{"seq": 1}, {"seq": 0}, {"color": 256}], ids=repr)
def test_what_the_database_refuses_is_its_error_and_leaves_no_row(
    main: Canvas, wrong: dict[str, int]
) -> None:
    insert(main, [row(main, 1)])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(main, [row(main, 2), row(main, **{"seq": 3, **wrong})])
    assert Placement.objects.count() == 1


def test_what_no_column_holds_leaves_no_row(main: Canvas) -> None:
    with pytest.raises((DatabaseError, OverflowError, TypeError)), transaction.atomic():
        insert(main, [row(main, 1), row(main, 2, x=2**80)])
    assert not Placement.objects.exists()


def test_placed_pixels_can_be_answered_from(main: Canvas) -> None:
    """A retry in the same transaction finds the row that has just been written."""
    first = order(id="op-1", person=ALICE)
    answers = place("main", [first, order(person=replace(GUEST, name="ü")), first])
    seqs = [answer.pixel.seq for answer in answers if isinstance(answer, Placed)]
    assert seqs == [1, 2, 1]
    assert Placement.objects.get(seq=2).username == "ü"
