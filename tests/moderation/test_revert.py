"""A revert gives cells back to the person who drew there before, and leaves all others."""

import pytest
from django.contrib.auth.models import User

from canvas.domain.area import Area
from canvas.domain.cooldown import cooldown_of
from canvas.domain.rules import CanvasMeta
from canvas.ledger.allowances import Drawer, allowances
from canvas.models import Canvas, Placement
from canvas.services import configure
from moderation import chunks
from moderation.acts.revert import revert
from moderation.models import MODERATION, Operation
from moderation.plans import taken_back
from tests.canvas.helpers import ALICE, BOB, HEIGHT, WIDTH
from tests.moderation.helpers import (
    VANDAL,
    color_at,
    draw,
    finished,
    reverted,
    selection,
    undone,
)

pytestmark = pytest.mark.both_databases

BLACK, RED, GREEN = 1, 2, 3


def test_the_newest_pixel_of_another_person_comes_back(moderator: User) -> None:
    draw(BOB, (1, 1), color="#000000")
    draw(ALICE, (1, 1), color="#00FF00")
    draw(VANDAL, (1, 1))
    reverted(moderator, VANDAL)
    assert color_at(1, 1) == GREEN


def test_the_background_comes_back_on_a_cell_of_one_person(moderator: User) -> None:
    draw(VANDAL, (1, 1), (2, 2))
    reverted(moderator, VANDAL)
    assert (color_at(1, 1), color_at(2, 2)) == (0, 0)
    assert Placement.objects.latest("seq").username == MODERATION


def test_a_pixel_that_comes_back_has_the_name_of_its_person(moderator: User) -> None:
    draw(ALICE, (1, 1))
    draw(VANDAL, (1, 1), color="#000000")
    reverted(moderator, VANDAL)
    newest = Placement.objects.latest("seq")
    assert (newest.username, newest.restores) == (ALICE.name, 1)


def test_what_others_drew_later_stays(moderator: User) -> None:
    draw(VANDAL, (1, 1), (2, 2))
    draw(ALICE, (1, 1), color="#00FF00")
    operation = reverted(moderator, VANDAL)
    assert (color_at(1, 1), color_at(2, 2)) == (GREEN, 0)
    assert operation.written == 1


def test_what_others_draw_while_it_runs_stays(
    moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "SIZE", 1)
    draw(VANDAL, (1, 1), (2, 2))
    plan = selection(VANDAL)
    operation = revert(moderator, "main", plan, "vandalism")
    assert chunks.advance(operation.pk, plan)
    draw(ALICE, (2, 2), color="#00FF00")
    finished(operation)
    assert (color_at(1, 1), color_at(2, 2)) == (0, GREEN)


def test_it_keeps_to_the_area(moderator: User) -> None:
    draw(VANDAL, (4, 4), (5, 4), (4, 5), (6, 6))
    reverted(moderator, VANDAL, area=Area(4, 4, 2, 1))
    assert [color_at(x, y) for x, y in ((4, 4), (5, 4), (4, 5), (6, 6))] == [0, 0, RED, RED]


def test_an_area_may_reach_beyond_the_board(moderator: User) -> None:
    draw(VANDAL, (WIDTH - 1, HEIGHT - 1))
    reverted(moderator, VANDAL, area=Area(WIDTH - 2, HEIGHT - 2, 100, 100))
    assert color_at(WIDTH - 1, HEIGHT - 1) == 0


def test_it_keeps_to_the_time_and_then_brings_back_the_same_persons_older_pixel(
    moderator: User,
) -> None:
    draw(VANDAL, (1, 1), color="#000000")
    draw(VANDAL, (1, 1))
    draw(VANDAL, (2, 2))
    reverted(moderator, VANDAL, after=1, until=2)
    assert (color_at(1, 1), color_at(2, 2)) == (BLACK, RED)


def test_of_several_people_none_comes_back(moderator: User) -> None:
    draw(ALICE, (1, 1), color="#00FF00")
    draw(BOB, (1, 1), color="#000000")
    draw(VANDAL, (1, 1))
    reverted(moderator, VANDAL, BOB)
    assert color_at(1, 1) == GREEN


def test_one_reverted_before_does_not_come_back_with_the_next(moderator: User) -> None:
    draw(BOB, (1, 1), (2, 2), color="#000000")
    draw(VANDAL, (1, 1), (2, 2))
    draw(ALICE, (1, 1), color="#00FF00")
    first = reverted(moderator, VANDAL)
    assert (color_at(1, 1), color_at(2, 2)) == (GREEN, BLACK)
    second = reverted(moderator, ALICE)
    assert (second.written, color_at(1, 1)) == (1, BLACK)
    undone(moderator, second)
    assert color_at(1, 1) == GREEN
    undone(moderator, first)
    reverted(moderator, ALICE)
    assert (color_at(1, 1), color_at(2, 2)) == (RED, RED)


def test_what_was_not_taken_back_comes_back(moderator: User) -> None:
    """Of the same person: elsewhere, later, and where it lay on top."""
    draw(VANDAL, (1, 1), (2, 2))
    reverted(moderator, VANDAL, area=Area(2, 2, 1, 1))
    draw(ALICE, (1, 1))
    draw(VANDAL, (2, 2), color="#000000")
    draw(ALICE, (2, 2))
    reverted(moderator, ALICE)
    assert (color_at(1, 1), color_at(2, 2)) == (RED, BLACK)


def test_of_former_operations_the_newest_count(
    moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taken_back, "MAX_OPERATIONS", 2)
    draw(VANDAL, (1, 1))
    draw(ALICE, (1, 1))
    for person in (VANDAL, "nobody", ALICE):
        reverted(moderator, person)
    assert color_at(1, 1) == RED


def test_neither_of_two_comes_back_who_are_reverted_at_once(moderator: User, main: Canvas) -> None:
    """The one has been searched before the other has begun, and is drawn behind its search."""
    draw(BOB, (1, 1), color="#000000")
    draw(VANDAL, (1, 1))
    draw(ALICE, (1, 1), color="#00FF00")
    plans = selection(ALICE), selection(VANDAL)
    operations = []
    for plan in plans:
        operations.append(revert(moderator, "main", plan, "vandalism"))
        plan.prepare(main.meta(), 3, 0, chunks.SIZE)
    for operation, plan in zip(operations, plans, strict=True):
        while chunks.advance(operation.pk, plan):
            pass
    assert color_at(1, 1) == BLACK


def test_none_comes_back_who_was_reverted_between_search_and_lock(
    moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other operation finds nothing to draw: the first one's pixel is still above."""
    draw(VANDAL, (1, 1))
    draw(ALICE, (1, 1), color="#00FF00")
    plan = selection(ALICE)
    operation = revert(moderator, "main", plan, "vandalism")
    prepare = plan.prepare

    def then_another(meta: CanvasMeta, seq: int, position: int, limit: int) -> None:
        monkeypatch.undo()
        prepare(meta, seq, position, limit)
        other = selection(VANDAL)
        assert not chunks.advance(revert(moderator, "main", other, "vandalism").pk, other)

    monkeypatch.setattr(plan, "prepare", then_another)
    while chunks.advance(operation.pk, plan):
        pass
    assert color_at(1, 1) == 0


def test_what_a_failed_one_did_not_reach_was_not_taken_back(moderator: User) -> None:
    draw(VANDAL, (1, 1))
    operation = revert(moderator, "main", selection(VANDAL), "vandalism")
    chunks.fail(operation.pk, "no such colour")
    draw(ALICE, (1, 1), color="#00FF00")
    reverted(moderator, ALICE)
    assert color_at(1, 1) == RED


def test_everyone_in_a_time_takes_an_area_back_to_its_beginning(moderator: User) -> None:
    draw(ALICE, (1, 1), color="#00FF00")
    draw(BOB, (1, 1), (2, 2))
    reverted(moderator, after=1)
    assert (color_at(1, 1), color_at(2, 2)) == (GREEN, 0)


def test_it_draws_on_frozen_and_protected_cells(moderator: User) -> None:
    draw(VANDAL, (1, 1))
    configure("main", {"frozen": True, "protected": [[0, 0, 9, 9]], "own_cooldown_ms": 60_000})
    draw(ALICE, (1, 1))
    reverted(moderator, VANDAL)
    assert color_at(1, 1) == 0


def test_a_pixel_that_comes_back_starts_no_cooldown(moderator: User, main: Canvas) -> None:
    draw(ALICE, (1, 1))
    draw(VANDAL, (1, 1))
    reverted(moderator, VANDAL)
    main.own_cooldown_ms = 60_000
    meta = main.meta()
    drawer = Drawer(meta.id, f"user:{moderator.pk}", cooldown_of(meta, guest=False))
    assert allowances([drawer])[0].cooldown_ms == 0


def test_a_second_revert_finds_nothing_more(moderator: User) -> None:
    draw(VANDAL, (1, 1))
    reverted(moderator, VANDAL)
    assert reverted(moderator, VANDAL).written == 0


def test_pixels_that_an_undo_brought_back_are_found_again(moderator: User) -> None:
    draw(ALICE, (1, 1), color="#00FF00")
    draw(VANDAL, (1, 1))
    undone(moderator, reverted(moderator, VANDAL))
    assert color_at(1, 1) == RED
    reverted(moderator, VANDAL)
    assert color_at(1, 1) == GREEN
    assert Placement.objects.latest("seq").restores == 1


def test_a_board_that_shrank_meanwhile_loses_nothing_else(moderator: User) -> None:
    draw(VANDAL, (1, 1), (WIDTH - 1, 1))
    plan = selection(VANDAL)
    operation = revert(moderator, "main", plan, "vandalism")
    configure("main", {"width": WIDTH - 1})
    assert finished(operation).written == 1


def test_what_a_resize_cut_off_does_not_come_back(moderator: User) -> None:
    draw(ALICE, (1, 1), (WIDTH - 1, 1), (WIDTH - 1, 2), color="#00FF00")
    draw(VANDAL, (WIDTH - 1, 2))
    configure("main", {"width": WIDTH - 1})
    configure("main", {"width": WIDTH})
    draw(VANDAL, (1, 1), (WIDTH - 1, 1))
    assert reverted(moderator, VANDAL).written == 2
    assert color_at(1, 1) == GREEN, "this cell was never cut off"
    assert color_at(WIDTH - 1, 1) == 0, "the background, as nobody had drawn there since"
    assert color_at(WIDTH - 1, 2) == 0, "the vandal's pixel went with the cell"


def test_what_was_drawn_since_a_resize_comes_back(moderator: User) -> None:
    configure("main", {"height": 5})
    configure("main", {"height": HEIGHT})
    draw(ALICE, (1, HEIGHT - 1), color="#00FF00")
    draw(VANDAL, (1, HEIGHT - 1))
    reverted(moderator, VANDAL)
    assert color_at(1, HEIGHT - 1) == GREEN


def test_the_audit_trail_has_who_why_and_how_many(moderator: User) -> None:
    draw(VANDAL, (1, 1), (1, 1), (2, 2))
    operation = reverted(moderator, VANDAL)
    assert (operation.by, operation.by_name) == (f"user:{moderator.pk}", "mo")
    assert (operation.kind, operation.reason) == (Operation.Kind.REVERT, "vandalism")
    assert (operation.before, operation.after) == ({"seq": 3}, {"seq": 5})
    assert (operation.expected, operation.looked_at, operation.written) == (3, 3, 2)
    assert operation.finished_at is not None
    assert operation.created_at <= operation.finished_at
