"""Each placement gets the next seq of its canvas, without a gap."""

import pytest

from canvas.domain.errors import UnknownCanvas
from canvas.ledger.placing import Placed
from canvas.models import Canvas, Placement
from canvas.services import place
from runtime.errors import Invalid, Refused
from tests.canvas.helpers import ALICE, BOB, GUEST, RED, order

pytestmark = pytest.mark.both_databases


def seqs_of(answers: list[Placed | Refused]) -> list[int | None]:
    return [answer.pixel.seq if isinstance(answer, Placed) else None for answer in answers]


def test_the_first_one_is_1(main: Canvas) -> None:
    assert seqs_of(place("main", [order()])) == [1]


def test_a_batch_is_numbered_in_its_order(main: Canvas) -> None:
    place("main", [order()])
    assert seqs_of(place("main", [order(x) for x in range(5)])) == [2, 3, 4, 5, 6]


def test_refusals_in_a_batch_leave_no_gap(main: Canvas) -> None:
    answers = place("main", [order(0), order(-1), order(1), order(color="#123456"), order(2)])
    assert seqs_of(answers) == [1, None, 2, None, 3]
    assert [type(answer) for answer in answers[1::2]] == [Invalid, Invalid]
    assert list(Placement.objects.order_by("seq").values_list("seq", "x")) == [
        (1, 0),
        (2, 1),
        (3, 2),
    ]


def test_the_canvas_knows_its_newest_seq(main: Canvas) -> None:
    place("main", [order(), order(-1), order()])
    main.refresh_from_db()
    assert main.seq == 2


def test_a_batch_of_refusals_changes_nothing(main: Canvas) -> None:
    place("main", [order(-1), order(y=10**6)])
    main.refresh_from_db()
    assert main.seq == 0
    assert not Placement.objects.exists()


def test_an_empty_batch_changes_nothing(main: Canvas) -> None:
    assert place("main", []) == []


def test_canvases_count_for_themselves(main: Canvas) -> None:
    Canvas.objects.create(slug="other", own_cooldown_ms=0)
    place("main", [order(), order()])
    assert seqs_of(place("other", [order()])) == [1]
    assert seqs_of(place("main", [order()])) == [3]


@pytest.mark.parametrize("slug", ["nowhere", "", "MAIN", "main' OR 1=1", "x" * 10_000, "\x00"])
def test_it_refuses_an_unknown_canvas(main: Canvas, slug: str) -> None:
    with pytest.raises(UnknownCanvas) as caught:
        place(slug, [order()])
    assert caught.value.status == 404


def test_it_keeps_who_drew_what_where(main: Canvas) -> None:
    place("main", [order(3, 4, RED, BOB)])
    row = Placement.objects.get()
    assert (row.x, row.y, row.color) == (3, 4, 2)
    assert (row.actor, row.username) == (BOB.id, "bob")


def test_it_answers_with_the_pixel_as_it_stands_in_the_ledger(main: Canvas) -> None:
    answer = place("main", [order(3, 4, person=BOB)])[0]
    row = Placement.objects.get()
    assert isinstance(answer, Placed)
    assert answer.pixel[:5] == (1, 3, 4, 2, "bob")
    assert answer.pixel.timestamp == round(row.placed_at.timestamp() * 1000)


def test_a_guest_may_choose_a_name_and_an_account_may_not(main: Canvas) -> None:
    place("main", [order(person=GUEST, username="Zoë"), order(person=ALICE, username="Zoë")])
    assert list(Placement.objects.order_by("seq").values_list("username", flat=True)) == [
        "Zoë",
        "alice",
    ]


def test_a_guest_without_a_chosen_name_has_one(main: Canvas) -> None:
    place("main", [order(person=GUEST)])
    assert Placement.objects.get().username == GUEST.name


@pytest.mark.slow
def test_one_batch_may_hold_thousands(main: Canvas) -> None:
    answers = place("main", [order(number % 40) for number in range(3000)])
    assert seqs_of(answers) == list(range(1, 3001))
