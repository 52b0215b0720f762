"""A guest draws under any name but that of an account."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from accounts.people import Person
from canvas.ledger.placing import Placed
from canvas.models import Canvas, Placement
from canvas.services import place
from runtime.errors import Invalid
from tests.canvas.helpers import ALICE, GUEST, order

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("name", ["Zoe", "zoë", "ZOE", "Ζoe"])
def test_a_guest_cannot_look_like_an_account(name: str, main: Canvas) -> None:
    User.objects.create_user("Zoe")
    (refusal,) = place("main", [order(person=GUEST, username=name)])
    assert isinstance(refusal, Invalid)
    assert (refusal.code, refusal.field) == ("username_taken", "username")
    assert refusal.detail == "This looks like the name of an account."


def test_an_account_is_itself_beside_a_guest_who_would_like_to_be(main: Canvas) -> None:
    user = User.objects.create_user("Zoe")
    zoe = Person(f"user:{user.pk}", "Zoe", is_guest=False)
    answers = place("main", [order(person=GUEST, username="Zoe"), order(person=zoe)])
    assert [type(answer) for answer in answers] == [Invalid, Placed]


def test_other_names_are_free(main: Canvas) -> None:
    User.objects.create_user("Zoe")
    (placed,) = place("main", [order(person=GUEST, username="Bob")])
    assert isinstance(placed, Placed)
    assert placed.pixel.username == "Bob"


def test_what_a_program_draws_is_marked(main: Canvas) -> None:
    place("main", [order(1), order(2, person=replace(ALICE, is_program=True))])
    marks = Placement.objects.order_by("seq").values_list("program", flat=True)
    assert list(marks) == [False, True]
