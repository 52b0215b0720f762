"""An undo takes an operation back, once, and respects what came after it."""

import pytest
from django.contrib.auth.models import User

from accounts.models import Ban
from canvas.domain.area import Area
from canvas.domain.errors import Outdated
from canvas.ledger.reads import head
from canvas.protocol.events import canvas_fields
from moderation import filing, reports
from moderation.acts.ban import ban
from moderation.acts.configure import configure
from moderation.acts.fill import fill
from moderation.acts.retire import retire
from moderation.acts.revert import revert
from moderation.acts.unban import unban
from moderation.errors import NotUndoable
from moderation.models import Operation
from moderation.undo import can_undo, undo
from runtime.errors import Invalid
from tests.canvas.helpers import ALICE, ON_SQLITE, PALETTE
from tests.moderation.helpers import (
    REASON,
    VANDAL,
    color_at,
    draw,
    finished,
    new_report,
    reverted,
    selection,
    staff,
    undone,
)
from tests.support.threads import at_once

pytestmark = pytest.mark.both_databases

RED, GREEN = 2, 3


def test_the_reverted_pixels_come_back(moderator: User) -> None:
    draw(VANDAL, (1, 1), (2, 2))
    operation = reverted(moderator, VANDAL)
    made = undone(moderator, operation)
    assert (color_at(1, 1), color_at(2, 2)) == (RED, RED)
    assert (made.kind, made.undoes, made.written) == (Operation.Kind.UNDO, operation, 2)


def test_what_was_drawn_since_stays(moderator: User) -> None:
    draw(VANDAL, (1, 1), (2, 2))
    operation = reverted(moderator, VANDAL)
    draw(ALICE, (1, 1), color="#00FF00")
    undone(moderator, operation)
    assert (color_at(1, 1), color_at(2, 2)) == (GREEN, RED)


def test_an_undo_can_be_undone(moderator: User) -> None:
    draw(VANDAL, (1, 1))
    undone(moderator, undone(moderator, reverted(moderator, VANDAL)))
    assert color_at(1, 1) == 0


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["first", "last"])
def test_what_two_have_taken_back_is_back_once_both_are_undone(
    moderator: User, order: tuple[int, int]
) -> None:
    draw(VANDAL, (1, 1), (2, 2))
    made = reverted(moderator, VANDAL, area=Area(1, 1, 1, 1)), reverted(moderator, VANDAL)
    undone(moderator, made[order[0]])
    assert color_at(1, 1) == 0
    undone(moderator, made[order[1]])
    assert (color_at(1, 1), color_at(2, 2)) == (RED, RED)


def test_what_others_were_reverted_for_is_back_beneath(moderator: User) -> None:
    draw(VANDAL, (1, 1))
    draw(ALICE, (1, 1), color="#00FF00")
    first = reverted(moderator, VANDAL)
    second = reverted(moderator, ALICE)
    undone(moderator, first)
    assert color_at(1, 1) == RED, "nothing but the first held it down"
    undone(moderator, second)
    assert color_at(1, 1) == GREEN


def test_an_undo_draws_nothing_that_is_there_already(moderator: User) -> None:
    draw(VANDAL, (1, 1))
    operation = reverted(moderator, VANDAL)
    reverted(moderator, VANDAL)
    made = undone(moderator, operation)
    assert (made.looked_at, made.written) == (1, 0)


def test_it_is_refused_while_the_operation_runs(moderator: User) -> None:
    draw(VANDAL, (1, 1))
    operation = revert(moderator, "main", selection(VANDAL), REASON)
    with pytest.raises(NotUndoable, match="still at work"):
        undo(moderator, operation, REASON)


def test_it_is_refused_the_second_time(moderator: User) -> None:
    operation = reverted(moderator, VANDAL)
    undone(moderator, operation)
    with pytest.raises(NotUndoable, match="already"):
        undo(moderator, operation, REASON)


def test_a_ban_and_a_resolved_report_are_refused(moderator: User) -> None:
    report = filing.file(ALICE, new_report(1, 1))
    reports.claim(moderator, report)
    banned = ban(moderator, person=VANDAL.id, network="", reason=REASON)
    lifted = unban(moderator, Ban.objects.get(), REASON)
    for operation in (banned, lifted, reports.resolve(moderator, report, REASON)):
        assert not can_undo(operation)
        with pytest.raises(NotUndoable, match="cannot be undone"):
            undo(moderator, operation, REASON)


def test_a_filled_area_gets_its_pixels_back(moderator: User) -> None:
    draw(ALICE, (1, 1))
    operation = finished(fill(moderator, "main", Area(0, 0, 3, 3), 3, REASON))
    assert color_at(1, 1) == GREEN
    undone(moderator, operation)
    assert (color_at(1, 1), color_at(2, 2)) == (RED, 0)


def test_rules_become_what_they_were(moderator: User) -> None:
    operation = configure(moderator, "main", {"frozen": (False, True)}, REASON)
    made = undo(moderator, operation, REASON)
    assert head("main").meta.frozen is False
    assert (made.before, made.after) == ({"frozen": True}, {"frozen": False})


def test_blueprints_may_choose_colours_again(moderator: User) -> None:
    operation = configure(moderator, "main", {"auto_color": (True, False)}, REASON)
    told = canvas_fields(head("main").meta, 0)
    assert (told["auto_color"], told["revision"]) == (False, 2)
    undo(moderator, operation, REASON)
    assert head("main").meta.auto_color is True


def test_rules_that_were_changed_since_stay(moderator: User) -> None:
    operation = configure(moderator, "main", {"own_cooldown_ms": (0, 7)}, REASON)
    configure(moderator, "main", {"own_cooldown_ms": (7, 9)}, REASON)
    with pytest.raises(Outdated):
        undo(moderator, operation, REASON)
    assert head("main").meta.cooldown_ms == 9
    assert not operation.undone_by.exists()


def test_a_retired_colour_is_on_offer_again_and_its_pixels_are_back(moderator: User) -> None:
    draw(ALICE, (1, 1))
    operation = finished(retire(moderator, "main", PALETTE[2], PALETTE[3], REASON))
    assert color_at(1, 1) == GREEN
    undone(moderator, operation)
    assert color_at(1, 1) == RED
    assert head("main").meta.retired == ()


@pytest.mark.parametrize("reason", ["", " \n", "x" * 501], ids=["none", "blank", "too long"])
def test_it_needs_a_reason(moderator: User, reason: str) -> None:
    operation = configure(moderator, "main", {"frozen": (False, True)}, REASON)
    with pytest.raises(Invalid) as caught:
        undo(moderator, operation, reason)
    assert caught.value.field == "reason"
    assert head("main").meta.frozen is True


@pytest.mark.skipif(ON_SQLITE, reason="the second would wait for the first in any case")
def test_one_of_two_moderators_at_once_undoes(moderator: User) -> None:
    draw(VANDAL, (1, 1))
    operation = reverted(moderator, VANDAL)
    people = [moderator, staff("ma")]

    def attempt(number: int) -> str:
        try:
            return undo(people[number], operation, REASON).kind
        except NotUndoable as refusal:
            return refusal.code

    assert sorted(at_once(attempt, 2)) == ["not_undoable", "undo"]
