"""The placements of one person: all of them, in order, in pages of bounded statements."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from canvas.ledger import own
from canvas.ledger.reads import Drawn, Head
from canvas.models import Canvas, Placement
from tests.canvas.helpers import ALICE
from tests.canvas.ledger.test_plans import START

pytestmark = pytest.mark.both_databases

LAST = 300


@pytest.fixture
def head(main: Canvas) -> Head:
    """A ledger in which Alice has drawn now and then, never, and all the time."""
    other = Canvas.objects.create(slug="other")
    chance = random.Random(1)
    for canvas in (main, other):
        Placement.objects.bulk_create(
            Placement(
                canvas=canvas,
                seq=seq,
                x=seq % 40,
                y=seq // 40,
                color=seq % 5,
                actor=ALICE.id if seq > 250 or (seq < 100 and chance.random() < 0.2) else "user:9",
                username="",
                placed_at=START,
            )
            for seq in range(1, LAST + 1)
        )
    return Head(main.meta(), LAST)


def all_pages(head: Head, limit: int, since: int = 0) -> list[Drawn]:
    """Follow the pages to the end of the ledger."""
    found: list[Drawn] = []
    while since < head.seq:
        page, until = own.own_placements(head, ALICE.id, since, limit)
        assert since < until <= head.seq
        assert len(page) <= limit
        found += page
        since = until
    return found


def expected(head: Head, since: int = 0) -> list[Drawn]:
    rows = Placement.objects.filter(canvas_id=head.meta.id, actor=ALICE.id, seq__gt=since)
    return [Drawn(*row) for row in rows.order_by("seq").values_list("seq", "x", "y", "color")]


@pytest.mark.parametrize("few", [10_000, 20], ids=["few", "many"])
@pytest.mark.parametrize("limit", [1, 7, 1_000])
def test_the_pages_hold_all_of_them_once(
    few: int, limit: int, head: Head, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("FEW", few), ("STRETCH", 16), ("STRETCHES", 2)):
        monkeypatch.setattr(own, name, value)
    assert all_pages(head, limit) == expected(head)
    assert all_pages(head, limit, since=90) == expected(head, 90)
    assert own.own_placements(head, ALICE.id, LAST, limit) == ([], LAST)
    assert own.own_placements(head, ALICE.id, LAST + 5, limit) == ([], LAST)


def test_an_answer_looks_at_so_many_stretches_and_no_more(
    head: Head, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("FEW", 20), ("STRETCH", 16), ("STRETCHES", 2)):
        monkeypatch.setattr(own, name, value)
    with CaptureQueriesContext(connection) as queries:
        assert own.own_placements(head, ALICE.id, 110, 100) == ([], 142)
    assert len(queries) == 3
    assert "LIMIT 21" in queries[0]["sql"]
