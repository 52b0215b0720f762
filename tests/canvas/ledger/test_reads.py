"""Reads of the ledger."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from canvas.domain.errors import UnknownCanvas
from canvas.ledger import reads
from canvas.models import Canvas, Placement
from canvas.services import place
from tests.canvas.helpers import BOB, WIDTH, order, placed_before

pytestmark = pytest.mark.both_databases


def test_the_head_of_a_canvas(main: Canvas) -> None:
    place("main", [order(), order()])
    assert reads.head("main") == (main.meta(), 2)


@pytest.mark.parametrize("slug", ["nowhere", "", "Main", "\x00"])
def test_an_unknown_canvas_has_no_head(main: Canvas, slug: str) -> None:
    with pytest.raises(UnknownCanvas):
        reads.head(slug)


def test_the_heads_of_several(main: Canvas) -> None:
    Canvas.objects.create(slug="other")
    heads = reads.heads(["main", "other", "nowhere"])
    assert set(heads) == {"main", "other"}


def test_what_follows_a_seq(main: Canvas) -> None:
    place("main", [order(x) for x in range(10)])
    pixels = reads.pixels_after(main.meta(), 3, limit=4)
    assert [(each.seq, each.x) for each in pixels] == [(4, 3), (5, 4), (6, 5), (7, 6)]
    assert reads.pixels_after(main.meta(), 10, limit=4) == []


def test_the_history_of_a_cell_begins_with_the_newest(main: Canvas) -> None:
    place("main", [order(1, 1), order(2, 1), order(1, 1, person=BOB), order(1, 2), order(1, 1)])
    history = reads.cell_history(main.meta(), 1, 1, limit=9)
    assert [(each.seq, each.username) for each in history] == [
        (5, "alice"),
        (3, "bob"),
        (1, "alice"),
    ]
    assert [each.seq for each in reads.cell_history(main.meta(), 1, 1, limit=2)] == [5, 3]


def test_a_cell_that_nobody_drew_on_has_no_history(main: Canvas) -> None:
    assert reads.cell_history(main.meta(), 1, 1, limit=9) == []


def test_the_seq_at_a_moment(main: Canvas) -> None:
    placed_before(main, 60_000)
    place("main", [order(), order()])
    now = Placement.objects.latest("placed_at").placed_at
    assert reads.seq_at(main.meta(), now, 3) == 3
    assert reads.seq_at(main.meta(), now - timedelta(seconds=30), 3) == 1
    assert reads.seq_at(main.meta(), now - timedelta(seconds=90), 3) == 0
    assert reads.seq_at(main.meta(), datetime.max.replace(tzinfo=UTC), 3) == 3


def test_the_seq_at_a_moment_is_found_by_few_rows(main: Canvas) -> None:
    place("main", [order(step % WIDTH) for step in range(300)])
    now = Placement.objects.latest("placed_at").placed_at
    with CaptureQueriesContext(connection) as queries:
        assert reads.seq_at(main.meta(), now, 300) == 300
    assert len(queries) <= 9


def test_canvases_have_ledgers_of_their_own(main: Canvas) -> None:
    place("main", [order(1, 1)])
    other = Canvas.objects.create(slug="other").meta()
    assert reads.pixels_after(other, 0, limit=9) == []
    assert reads.cell_history(other, 1, 1, limit=9) == []
    assert reads.seq_at(other, datetime.max.replace(tzinfo=UTC), 0) == 0
