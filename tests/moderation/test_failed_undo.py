"""An undo that failed half way is taken up again where it stopped, and the trail says so."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from canvas.domain.errors import Outdated
from canvas.ledger.reads import head
from moderation import chunks
from moderation.acts.retire import retire
from moderation.acts.revert import revert
from moderation.acts.table import plan_of
from moderation.errors import NotUndoable
from moderation.models import Operation
from moderation.undo import can_undo, undo
from tests.canvas.helpers import ALICE, ON_SQLITE, PALETTE
from tests.moderation.helpers import (
    REASON,
    VANDAL,
    color_at,
    draw,
    finished,
    reverted,
    selection,
    staff,
    undone,
)
from tests.support.threads import at_once

pytestmark = pytest.mark.both_databases

RED, GREEN = 2, 3
CELLS = [(1, 1), (2, 2), (3, 3)]


@pytest.fixture(autouse=True)
def one_cell_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "SIZE", 1)


def failed(operation: Operation, after: int = 1) -> Operation:
    """Have a running operation fail after so many chunks."""
    assert operation.task is not None
    plan = plan_of(operation.task)
    for _ in range(after):
        assert chunks.advance(operation.pk, plan)
    chunks.fail(operation.pk, "the disk was full")
    operation.refresh_from_db()
    assert operation.state == Operation.State.FAILED
    return operation


@pytest.fixture
def operation(moderator: User) -> Operation:
    """A revert of three cells."""
    draw(VANDAL, *CELLS)
    return reverted(moderator, VANDAL)


@pytest.fixture
def half(moderator: User, operation: Operation) -> Operation:
    """The undo of it, which has failed after the first cell."""
    return failed(undo(moderator, operation, REASON))


def test_it_goes_on_where_it_stopped(
    moderator: User, operation: Operation, half: Operation
) -> None:
    assert [color_at(*cell) for cell in CELLS] == [RED, 0, 0]
    assert can_undo(operation)
    whole = undone(moderator, operation)
    assert [color_at(*cell) for cell in CELLS] == [RED, RED, RED]
    assert (half.looked_at, whole.looked_at) == (1, 2)
    assert (whole.kind, whole.undoes) == (Operation.Kind.UNDO, operation)
    half.refresh_from_db()
    assert (half.state, half.undoes, half.fault) == ("failed", operation, "the disk was full")


def test_it_may_fail_and_go_on_several_times(
    moderator: User, operation: Operation, half: Operation
) -> None:
    again = failed(undo(moderator, operation, REASON))
    assert undone(moderator, operation).looked_at == 1
    assert (half.position, again.position) == (1, 2)
    assert [color_at(*cell) for cell in CELLS] == [RED, RED, RED]


def test_what_is_whole_is_not_undone_once_more(
    moderator: User, operation: Operation, half: Operation
) -> None:
    whole = undone(moderator, operation)
    for each in (operation, half):
        assert not can_undo(each)
        with pytest.raises(NotUndoable, match="already|taken up again"):
            undo(moderator, each, REASON)
    undone(moderator, whole)
    assert [color_at(*cell) for cell in CELLS] == [0, 0, 0]


@pytest.mark.skipif(ON_SQLITE, reason="the second would wait for the first in any case")
def test_one_of_two_moderators_at_once_takes_it_up(
    moderator: User, operation: Operation, half: Operation
) -> None:
    people = [moderator, staff("ma")]

    def attempt(number: int) -> str:
        try:
            return undo(people[number], operation, REASON).kind
        except NotUndoable as refusal:
            return refusal.code

    assert sorted(at_once(attempt, 2)) == ["not_undoable", "undo"]


def test_what_it_has_done_can_be_undone_instead(
    moderator: User, operation: Operation, half: Operation
) -> None:
    undone(moderator, half)
    assert [color_at(*cell) for cell in CELLS] == [0, 0, 0]
    undone(moderator, operation)
    assert [color_at(*cell) for cell in CELLS] == [RED, RED, RED]


def test_an_undo_of_it_that_still_runs_is_waited_for(
    moderator: User, operation: Operation, half: Operation
) -> None:
    undo(moderator, half, REASON)
    assert not can_undo(operation)
    with pytest.raises(NotUndoable, match="still at work"):
        undo(moderator, operation, REASON)


def test_an_undo_of_it_that_failed_has_all_looked_at_again(
    moderator: User, operation: Operation
) -> None:
    half = failed(undo(moderator, operation, REASON), after=2)
    failed(undo(moderator, half, REASON))
    assert [color_at(*cell) for cell in CELLS] == [0, RED, 0]
    undone(moderator, operation)
    assert [color_at(*cell) for cell in CELLS] == [RED, RED, RED]


def test_beyond_where_it_stopped_the_operation_stands(moderator: User) -> None:
    """Another revert brings up what the first one took back only where that was undone."""
    draw(VANDAL, *CELLS)
    operation = reverted(moderator, VANDAL)
    failed(undo(moderator, operation, REASON))
    draw(ALICE, *CELLS, color="#00FF00")
    reverted(moderator, ALICE)
    assert [color_at(*cell) for cell in CELLS] == [RED, 0, 0]


def test_an_operation_that_failed_stands_up_to_there(moderator: User) -> None:
    draw(VANDAL, *CELLS)
    draw(ALICE, *CELLS, color="#00FF00")
    failed(revert(moderator, "main", selection(VANDAL), REASON))
    reverted(moderator, ALICE)
    assert [color_at(*cell) for cell in CELLS] == [0, RED, RED]


def test_rules_that_it_had_set_are_set_once(moderator: User) -> None:
    draw(ALICE, *CELLS)
    operation = finished(retire(moderator, "main", PALETTE[RED], PALETTE[GREEN], REASON))
    failed(undo(moderator, operation, REASON))
    revision = head("main").meta.revision
    whole = undone(moderator, operation)
    assert head("main").meta.retired == ()
    assert head("main").meta.revision == revision
    assert [color_at(*cell) for cell in CELLS] == [RED, RED, RED]
    undone(moderator, whole)
    assert head("main").meta.retired != (), "the undo of the whole takes the rules back as well"
    assert [color_at(*cell) for cell in CELLS] == [GREEN, GREEN, GREEN]


def test_rules_that_were_changed_since_stay(moderator: User) -> None:
    draw(ALICE, *CELLS)
    operation = finished(retire(moderator, "main", PALETTE[RED], PALETTE[GREEN], REASON))
    failed(undo(moderator, operation, REASON))
    finished(retire(moderator, "main", PALETTE[RED], PALETTE[GREEN], REASON))
    with pytest.raises(Outdated):
        undo(moderator, operation, REASON)
    assert Operation.objects.filter(undoes=operation).count() == 1


def test_its_page_says_so(
    as_moderator: Client, moderator: User, operation: Operation, half: Operation
) -> None:
    address = reverse("admin:moderation_operation_change", args=[operation.pk])
    page = as_moderator.get(address).content.decode()
    assert "Undone by" in page
    assert "failed half way" in page
    assert "Go on with the undo" in page
    undone(moderator, operation)
    page = as_moderator.get(address).content.decode()
    assert page.count("Undone by") == 2
    assert "Go on with the undo" not in page
