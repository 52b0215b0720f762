"""The account's pages: logging in and out, passwords, and deleting the account."""

from http import HTTPStatus

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.test import Client

from accounts.models import AccessToken, Expulsion
from accounts.people import Person
from accounts.tokens import issue
from canvas.domain.rules import Draw
from canvas.ledger.placing import Order
from canvas.models import Canvas, Placement
from canvas.services import place
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db

NEW = "another long password"


def expelled() -> list[str]:
    return list(Expulsion.objects.values_list("key", flat=True))


def logged_in(client: Client) -> bool:
    return client.get("/accounts/").status_code == HTTPStatus.OK


def test_log_in_and_out(browser: Client, alice: User) -> None:
    wrong = browser.post("/accounts/login/", {"username": "alice", "password": "wrong"})
    assert "correct username and password" in wrong.content.decode()
    browser.post("/accounts/login/", {"username": "alice", "password": PASSWORD})
    assert logged_in(browser)
    assert browser.get("/accounts/logout/").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    browser.post("/accounts/logout/")
    assert not logged_in(browser)
    (key,) = expelled()
    assert key.startswith("session:")


def test_logging_out_ends_this_session_only(alices: Client, alice: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(alice)
    alices.post("/accounts/logout/")
    assert logged_in(elsewhere)


@pytest.mark.parametrize("path", ["", "password/", "delete/", "tokens/"])
def test_strangers_are_asked_to_log_in(path: str, browser: Client) -> None:
    answer = browser.get(f"/accounts/{path}")
    assert answer.headers["location"].startswith("/accounts/login/?next=")


def test_a_new_password_ends_the_other_sessions(alices: Client, alice: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(alice)
    change = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert "is changed" in alices.post("/accounts/password/", change, follow=True).content.decode()
    assert logged_in(alices)
    assert not logged_in(elsewhere)
    (expulsion,) = Expulsion.objects.all()
    assert expulsion.key == f"user:{alice.pk}"
    assert expulsion.stays.startswith("password:")


@pytest.mark.parametrize(
    "wrong",
    [
        {"old_password": "wrong"},
        {"new_password2": "different"},
        {"new_password1": "alice", "new_password2": "alice"},
    ],
)
def test_a_wrong_change_changes_nothing(wrong: dict[str, str], alices: Client, alice: User) -> None:
    change = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW} | wrong
    assert alices.post("/accounts/password/", change).context["form"].errors
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)
    assert expelled() == []


def test_a_forged_link_sets_nothing(browser: Client, alice: User) -> None:
    answer = browser.get("/accounts/reset/MQ/abc-def/", follow=True)
    assert "used already" in answer.content.decode()


def test_a_new_password_takes_the_tokens_away(alices: Client, alice: User) -> None:
    issue(alice, "bot", ["place"])
    change = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    said = alices.post("/accounts/password/", change, follow=True).content.decode()
    assert "without tokens" in said
    assert not AccessToken.objects.exists()


def test_a_password_that_is_only_hashed_anew_leaves_them(browser: Client, alice: User) -> None:
    issue(alice, "bot", ["place"])
    alice.password = make_password(PASSWORD, salt="short")
    User.objects.filter(pk=alice.pk).update(password=alice.password)
    browser.post("/accounts/login/", {"username": "alice", "password": PASSWORD})
    assert User.objects.get(pk=alice.pk).password != alice.password
    assert AccessToken.objects.exists()


def test_a_deactivated_person_has_to_leave(alice: User) -> None:
    alice.is_active = False
    alice.save()
    assert expelled() == [f"user:{alice.pk}"]


def test_logging_in_closes_no_socket(alices: Client) -> None:
    assert expelled() == []


def test_a_deleted_account_leaves_its_pixels_without_its_name(
    main: Canvas, browser: Client
) -> None:
    alice = User.objects.create_user("alice", password=PASSWORD)
    issue(alice, "bot", ["place"])
    person = Person(f"user:{alice.pk}", "alice", is_guest=False)
    others = Person("guest:0123456789abcdef", "Bob", is_guest=True)
    place("main", [Order(each, Draw(1, 2, "#FF0000")) for each in (person, others)])
    browser.force_login(alice)
    browser.post("/accounts/delete/", {"password": PASSWORD})
    assert not logged_in(browser)
    assert not User.objects.filter(username="alice").exists()
    assert not AccessToken.objects.exists()
    names = Placement.objects.order_by("seq").values_list("username", flat=True)
    assert list(names) == ["[deleted]", "Bob"]
    assert person.id in expelled()


def test_deleting_needs_the_password(alices: Client, alice: User) -> None:
    for password in ("", "wrong", "x" * 5000):
        assert alices.post("/accounts/delete/", {"password": password}).status_code == 200
    assert User.objects.filter(pk=alice.pk).exists()


def test_staff_is_not_deleted_here(alices: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    assert alices.post("/accounts/delete/", {"password": PASSWORD}).status_code == 200
    assert User.objects.filter(pk=alice.pk).exists()
