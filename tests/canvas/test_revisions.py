"""Each change of a canvas's rules has a number, and the rules of any past moment are known."""

import pytest
from django.db import connection

from canvas.domain.errors import Outdated
from canvas.ledger import revisions
from canvas.models import Canvas, CanvasRevision
from canvas.services import configure, place, renew_epoch
from runtime.errors import Invalid
from tests.canvas.helpers import PALETTE, order
from tests.support.threads import at_once

ON_SQLITE = connection.vendor == "sqlite"

pytestmark = pytest.mark.both_databases


def revision_of(canvas: Canvas) -> int:
    canvas.refresh_from_db()
    return canvas.revision


def test_a_change_raises_it_in_the_same_transaction(main: Canvas) -> None:
    meta = configure("main", {"frozen": True})
    assert meta.revision == revision_of(main) == 2
    newest = CanvasRevision.objects.get(revision=2)
    assert newest.rules == main.rule_values()
    assert newest.rules["frozen"] is True


def test_a_change_that_is_refused_raises_nothing(main: Canvas) -> None:
    with pytest.raises(Invalid):
        configure("main", {"palette": ["#FFFFFF"]})
    assert revision_of(main) == 1
    assert not CanvasRevision.objects.exists()


def test_the_rules_of_the_beginning_are_kept_with_the_first_change(main: Canvas) -> None:
    place("main", [order(1), order(2)])
    configure("main", {"frozen": True})
    assert list(CanvasRevision.objects.values_list("revision", "seq")) == [(1, 0), (2, 2)]


def test_the_rules_of_a_past_moment_are_known(main: Canvas) -> None:
    before = main.meta()
    place("main", [order(1), order(2)])
    wider = configure("main", {"width": 50})
    place("main", [order(45)])
    other = configure("main", {"palette": [*PALETTE, "#123456"]})
    assert revisions.meta_at(other, 1) == before
    assert revisions.meta_at(other, 2) == wider, "the change came after the second placement"
    assert revisions.meta_at(other, 3) == revisions.meta_at(other, 99) == other
    assert list(revisions.metas(other)) == [(0, before), (2, wider), (3, other)]


def test_without_revisions_the_past_has_the_rules_of_today(main: Canvas) -> None:
    assert revisions.meta_at(main.meta(), 7) == main.meta()
    assert revisions.metas(main.meta()) == [(0, main.meta())]


def test_a_change_made_from_former_rules_is_refused_with_what_has_changed(main: Canvas) -> None:
    configure("main", {"frozen": True, "charges": 7})
    with pytest.raises(Outdated) as caught:
        configure("main", {"own_cooldown_ms": 9, "frozen": False}, made_from=1)
    assert (
        caught.value.detail == "charges and frozen have been changed meanwhile; look at it again."
    )
    main.refresh_from_db()
    assert (main.frozen, main.charges, main.own_cooldown_ms) == (True, 7, 0)


def test_a_change_made_from_the_present_rules_is_accepted(main: Canvas) -> None:
    configure("main", {"frozen": True}, made_from=1)
    configure("main", {"frozen": False}, made_from=2)
    assert revision_of(main) == 3


def test_a_column_that_is_another_than_expected_is_named(main: Canvas) -> None:
    with pytest.raises(Outdated) as caught:
        configure("main", {"frozen": True}, expected={"frozen": True, "charges": 1})
    assert caught.value.field == "frozen"


def test_a_size_makes_another_past(main: Canvas) -> None:
    epoch = main.epoch
    assert configure("main", {"charges": 2}).epoch == epoch
    assert configure("main", {"width": 50}).epoch != epoch


def test_a_new_epoch_is_made_once_in_place_of_the_one_that_is_known(main: Canvas) -> None:
    known = main.epoch
    made = {renew_epoch("main", known).epoch for _ in range(10)}
    assert len(made) == 1
    assert made != {known}
    assert revision_of(main) == 2


def test_without_a_known_one_each_call_makes_another(main: Canvas) -> None:
    assert len({main.epoch, renew_epoch("main").epoch, renew_epoch("main").epoch}) == 3


@pytest.mark.skipif(ON_SQLITE, reason="SQLite has one lock for everything")
def test_changes_at_once_have_a_number_each(main: Canvas) -> None:
    at_once(lambda number: configure("main", {"charges": number + 1}), 4)
    assert revision_of(main) == 5
    assert list(CanvasRevision.objects.values_list("revision", flat=True)) == [1, 2, 3, 4, 5]


def test_a_colour_that_is_added_can_be_used_at_once(main: Canvas) -> None:
    configure("main", {"palette": [*PALETTE, "#123456"]})
    place("main", [order(1, color="#123456"), order(2)])
    assert revision_of(main) == 2
