"""Bans by moderators: with the person's pixels, which an unban can bring back."""

import threading
from typing import Any, TypedDict

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client

from accounts import bans
from accounts.errors import Banned
from accounts.models import Ban
from canvas.ledger import reads
from canvas.models import Canvas
from canvas.services import place
from moderation.acts.ban import ban
from moderation.acts.unban import unban
from moderation.errors import AlreadyLifted, NotUndoable
from moderation.models import Operation
from runtime.errors import Invalid
from tests.canvas.helpers import ALICE, HEIGHT, ON_SQLITE, WIDTH, ledger_cells, order
from tests.moderation.helpers import VANDAL, color_at, draw, finish, staff
from tests.support.threads import at_once

BASE = "/admin/moderation/operation"

both_databases = pytest.mark.both_databases


class Wanted(TypedDict):
    person: str
    network: str
    reason: str


BAN: Wanted = {"person": VANDAL.id, "network": "", "reason": "vandalism"}


@both_databases
def test_a_ban_can_revert_what_the_person_drew(moderator: User) -> None:
    draw(ALICE, (1, 1), color="#000000")
    draw(VANDAL, (1, 1), (2, 2))
    made = ban(moderator, **BAN, revert=True)
    finish()
    assert bans.is_banned(VANDAL.id)
    assert (color_at(1, 1), color_at(2, 2)) == (1, 0)
    assert (made.after["person"], len(made.after["reverts"])) == (VANDAL.id, 1)


@pytest.mark.skipif(ON_SQLITE, reason="SQLite has one lock for everything")
def test_pixels_drawn_while_the_ban_is_made_are_reverted_too(moderator: User) -> None:
    """Each pixel either is refused by the ban or has a seq that its revert covers."""
    drawn = threading.Barrier(3, timeout=10)

    def work(row: int) -> None:
        if row == 2:
            drawn.wait()
            ban(moderator, **BAN, revert=True)
        else:
            draw_until_banned(row)

    def draw_until_banned(row: int) -> None:
        for number in range(10_000):
            (answer,) = place("main", [order(number % WIDTH, row, person=VANDAL)])
            if isinstance(answer, Banned):
                return
            if number == 3:
                drawn.wait()

    draw(VANDAL, *((x, y) for x in range(WIDTH) for y in range(2, HEIGHT)))
    at_once(work, 3)
    finish()
    assert not any(ledger_cells(reads.head("main").meta))


@both_databases
def test_an_unban_brings_them_back_on_request(moderator: User) -> None:
    draw(VANDAL, (1, 1))
    ban(moderator, **BAN, revert=True)
    finish()
    unban(moderator, Ban.objects.get(), "a mistake", restore=True)
    finish()
    assert not bans.is_banned(VANDAL.id)
    assert color_at(1, 1) == 2


@both_databases
def test_an_unban_alone_leaves_the_pixels(moderator: User) -> None:
    draw(VANDAL, (1, 1))
    ban(moderator, **BAN, revert=True)
    finish()
    unban(moderator, Ban.objects.get(), "served")
    finish()
    assert color_at(1, 1) == 0


@both_databases
def test_while_the_revert_runs_nothing_is_lifted(moderator: User) -> None:
    draw(VANDAL, (1, 1))
    ban(moderator, **BAN, revert=True)
    with pytest.raises(NotUndoable):
        unban(moderator, Ban.objects.get(), "a mistake", restore=True)
    assert bans.is_banned(VANDAL.id)


@both_databases
def test_a_ban_is_lifted_once(moderator: User) -> None:
    ban(moderator, **BAN)
    unban(moderator, Ban.objects.get(), "a mistake")
    with pytest.raises(AlreadyLifted):
        unban(staff("ma"), Ban.objects.get(), "a mistake")
    assert Operation.objects.count() == 2


@both_databases
def test_staff_cannot_be_banned(moderator: User, administrator: User) -> None:
    with pytest.raises(Invalid) as caught:
        ban(moderator, **BAN | {"person": f"user:{administrator.pk}"})
    assert caught.value.field == "person"
    assert not Ban.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"person": ""}, "Name a person or a network"),
        ({"person": "nobody"}, "There is nobody named"),
        ({"person": "user:99999999"}, "There is no account"),
        ({"person": "operation:1"}, "valid value"),
        ({"person": "guest:<b>"}, "There is nobody named"),
        ({"person": "x" * 200}, "at most 150"),
        ({"person": "", "network": "everywhere"}, "Give an address or a network"),
        ({"person": "", "network": "0.0.0.0/0"}, "at least /8"),
        ({"person": "", "network": "192.0.2.7", "revert": "on"}, "Only a person"),
        ({"reason": ""}, "required"),
        ({"reason": "x" * 501}, "at most 500"),
        ({"expires_at": "2001-01-01T00:00"}, "over already"),
        ({"expires_at": "soon"}, "valid date"),
        ({"expires_at": "9999-12-31T23:59-12:00"}, "before the year 9999"),
    ],
    ids=repr,
)
def test_an_invalid_ban_is_refused(
    as_moderator: Client, main: Canvas, wrong: dict[str, Any], said: str
) -> None:
    page = as_moderator.post(f"{BASE}/ban/", {**BAN, **wrong})
    assert said in page.content.decode()
    assert not Ban.objects.exists()
    assert not Operation.objects.exists()


def test_an_administrator_uses_the_shadow_list(as_administrator: Client, main: Canvas) -> None:
    as_administrator.post(f"{BASE}/ban/", {**BAN, "shadow": "on"})
    assert Ban.objects.get().shadow
    assert Operation.objects.get().after["shadow"] is True


def test_lifting_through_the_page(as_moderator: Client, main: Canvas) -> None:
    as_moderator.post(f"{BASE}/ban/", BAN)
    ban = Ban.objects.get()
    assert b"required" in as_moderator.post(f"{BASE}/unban/{ban.pk}/", {}).content
    assert as_moderator.post(f"{BASE}/unban/{ban.pk}/", {"reason": "served"}).status_code == 302
    assert (
        b"lifted already" in as_moderator.post(f"{BASE}/unban/{ban.pk}/", {"reason": "x"}).content
    )
    assert as_moderator.get(f"{BASE}/unban/999/").status_code == 404


SHADOWED: Wanted = {**BAN, "reason": "a vandal who comes back"}


@both_databases
def test_the_ban_of_a_moderator_leaves_the_shadow_list_as_it_is(
    moderator: User, administrator: User
) -> None:
    ban(administrator, **SHADOWED, shadow=True)
    made = ban(moderator, **BAN)
    assert bans.is_banned(VANDAL.id)
    unban(moderator, Ban.objects.get(pk=made.after["ban"]), "served")
    (left,) = Ban.objects.filter(lifted_at=None)
    assert (left.shadow, left.reason) == (True, SHADOWED["reason"])
    found = bans.in_force().of(VANDAL.id, "")
    assert found is not None
    assert found.shadow


@both_databases
def test_an_administrator_moves_a_banned_person_to_the_shadow_list(
    moderator: User, administrator: User
) -> None:
    ban(moderator, **BAN)
    ban(administrator, **SHADOWED, shadow=True)
    assert not bans.is_banned(VANDAL.id)
    assert [each.shadow for each in Ban.objects.filter(lifted_at=None)] == [True]


@pytest.mark.parametrize("zeros", ["0", "00000"])
def test_a_person_is_banned_under_the_name_that_placements_have(
    as_moderator: Client, main: Canvas, zeros: str
) -> None:
    person = User.objects.create_user("vera")
    as_moderator.post(f"{BASE}/ban/", {**BAN, "person": f"user:{zeros}{person.pk}"})
    assert bans.is_banned(f"user:{person.pk}")
    assert Operation.objects.get().after["person"] == f"user:{person.pk}"


@pytest.mark.parametrize("person", ["user:0", "user:07", "guest:12", "guest:0123456789ABCDEF"])
def test_no_other_code_bans_a_person_who_cannot_be(main: Canvas, person: str) -> None:
    with pytest.raises(ValidationError):
        bans.ban(person=person, reason="vandalism")


def test_a_moderator_does_not_ban_the_own_network(as_moderator: Client, main: Canvas) -> None:
    own = {**BAN, "person": "", "network": "127.0.0.0/8"}
    page = as_moderator.post(f"{BASE}/ban/", own)
    assert "in this network yourself" in page.content.decode()
    assert not Ban.objects.exists()
