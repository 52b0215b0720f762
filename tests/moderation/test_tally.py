"""The people of a selection are counted by a bounded look, which says where it is not all."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from canvas.domain.area import Area
from canvas.ledger import reads
from canvas.models import Canvas
from canvas.services import Cell as Overwriting
from canvas.services import overwrite
from moderation.acts.revert import revert
from moderation.plans import selection as selecting
from moderation.plans import tally as module
from moderation.plans.plan import EVERYWHERE
from moderation.plans.selection import Selection
from moderation.plans.tally import Tally, tally
from tests.canvas.helpers import ALICE, BOB, ON_SQLITE
from tests.moderation.helpers import VANDAL, draw, finished, selection
from tests.support.rows_read import rows_read

pytestmark = pytest.mark.both_databases
on_postgres = pytest.mark.skipif(ON_SQLITE, reason="SQLite is for one's own machine, and unbounded")

CELL = Area(1, 1, 1, 1)


def counted(*people: str, area: Area = EVERYWHERE, after: int = 0, **more: Any) -> Tally:
    head = reads.head("main")
    return tally(head.meta, Selection(people or None, area, after, head.seq), **more)


def numbers(found: Tally) -> dict[str, int]:
    return {share.actor: share.placements for share in found.shares}


def test_people_are_counted_the_busiest_first(main: Canvas) -> None:
    draw(ALICE, (1, 1))
    draw(VANDAL, (1, 1), (2, 2), (1, 1))
    found = counted()
    assert [(each.actor, each.name, each.placements) for each in found.shares] == [
        (VANDAL.id, VANDAL.name, 3),
        (ALICE.id, ALICE.name, 1),
    ]
    assert (found.placements, found.bound) == (4, "")
    assert found.shares[0].newest == found.shares[0].newest.astimezone()
    assert numbers(counted(area=CELL)) == {VANDAL.id: 2, ALICE.id: 1}
    assert numbers(counted(VANDAL.id, area=CELL, after=2)) == {VANDAL.id: 1}
    assert counted(area=Area(5000, 5000, 9, 9)) == Tally([], 0, "")


def test_moderation_counts_where_it_is_asked_for(main: Canvas) -> None:
    draw(ALICE, (1, 1))
    overwrite("main", "operation:1", lambda _meta, _seq: [Overwriting(1, 1, 0, "moderation")])
    assert numbers(counted()) == {ALICE.id: 1, "operation:1": 1}
    assert numbers(counted(operations=False)) == {ALICE.id: 1}


def test_no_more_people_are_listed_than_the_bound(
    main: Canvas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_SHARES", 1)
    draw(ALICE, (1, 1))
    draw(VANDAL, (1, 1), (2, 2))
    found = counted()
    assert (numbers(found), found.placements) == ({VANDAL.id: 2}, 3)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a tally look at 20 placements, and at 4 cells one by one."""
    monkeypatch.setattr(module, "MAX_LOOKED", 20)
    monkeypatch.setattr(module, "MAX_SCATTERED", 20)
    monkeypatch.setattr(selecting, "MAX_CELLS", 4)


@pytest.fixture
def long_ago(main: Canvas, few: None) -> None:
    """Alice drew, and others have drawn 300 times elsewhere since."""
    draw(ALICE, (1, 1), (2, 1))
    for _ in range(3):
        draw(BOB, *[(5, 5)] * 100)


@on_postgres
def test_of_a_large_area_the_newest_are_looked_at(long_ago: None) -> None:
    draw(VANDAL, (9, 9))
    with rows_read() as read:
        found = counted()
    assert numbers(found) == {BOB.id: 19, VANDAL.id: 1}
    assert found.bound == "the newest 20 placements on the canvas"
    assert read.count <= 2 * 20


@on_postgres
def test_on_a_small_area_the_whole_past_of_each_cell_is_looked_at(long_ago: None) -> None:
    with rows_read() as read:
        found = counted(area=Area(1, 1, 2, 2))
    assert (numbers(found), found.bound) == ({ALICE.id: 2}, "")
    assert read.count <= 2 * 20


@on_postgres
def test_of_a_cell_that_was_drawn_often_the_newest_are_looked_at(long_ago: None) -> None:
    with rows_read() as read:
        found = counted(area=Area(4, 4, 2, 2))
    assert (numbers(found), found.bound) == ({BOB.id: 5}, "the newest 5 placements on each cell")
    assert read.count <= 2 * 20


@on_postgres
def test_of_people_their_own_are_looked_at_wherever_they_are(long_ago: None) -> None:
    with rows_read() as read:
        found = counted(ALICE.id)
    assert (numbers(found), found.bound) == ({ALICE.id: 2}, "")
    assert read.count <= 3 * 20
    assert counted(BOB.id).bound == "20 placements of these people"


@on_postgres
def test_in_a_short_time_all_is_looked_at(long_ago: None) -> None:
    found = counted(after=282)
    assert (numbers(found), found.bound) == ({BOB.id: 20}, "")


@on_postgres
def test_the_pages_say_what_was_looked_at(as_moderator: Client, long_ago: None) -> None:
    area = {"x": 0, "y": 0, "width": 20, "height": 10}
    workbench, reverting = (
        reverse(f"admin:moderation_{page}", args=["main"]) for page in ("workbench", "revert")
    )
    page = as_moderator.get(workbench, area).content.decode()
    assert "the newest 20 placements on the canvas were looked at" in page
    dry_run = as_moderator.post(reverting, {**area, "everyone": "on", "reason": "a test"})
    assert "By, of the newest 20 placements on the canvas" in dry_run.content.decode()


@on_postgres
def test_an_operation_begins_without_a_look_at_what_it_selects(
    as_moderator: Client, moderator: User, long_ago: None
) -> None:
    """Its progress goes by the seqs that it has passed."""
    last = reads.head("main").seq
    plan = selection(BOB, after=2, until=last)
    with rows_read() as read:
        operation = revert(moderator, "main", plan, "a test")
    assert read.count == 0
    url = reverse("admin:moderation_operation_change", args=[operation.pk])
    page = as_moderator.get(url).content.decode()
    assert f'<progress max="{last - 2}" value="0"></progress>' in page
    assert "0 pixels drawn, 0 looked at" in page
    assert [plan.passed(reads.head("main").meta, seq) for seq in (0, 2, 5)] == [0, 0, 3]
    finished(operation)
    page = as_moderator.get(url).content.decode()
    assert f'<progress max="{last - 2}" value="{last - 2}"></progress>' in page
