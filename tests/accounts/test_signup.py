"""Signing up: an account is made, or the form says what is wrong."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from accounts.forms import SignUpForm
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db

GOOD = {"username": "Alice", "email": "", "password1": PASSWORD, "password2": PASSWORD}


def errors(client: Client, **wrong: Any) -> dict[str, list[str]]:
    answer = client.post("/accounts/signup/", GOOD | wrong)
    assert answer.status_code == 200
    found: dict[str, list[str]] = answer.context["form"].errors
    return found


def test_it_logs_in_and_leads_on(browser: Client) -> None:
    answer = browser.post("/accounts/signup/?next=/c/main/", GOOD | {"next": "/c/main/"})
    assert (answer.status_code, answer.headers["location"]) == (302, "/c/main/")
    assert b"Alice" in browser.get("/accounts/").content


def test_it_leads_nowhere_else(browser: Client) -> None:
    answer = browser.post("/accounts/signup/", GOOD | {"next": "https://evil.example/"})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("name", ["alice", "ALICE", "AIice", "álice", "аlice"])
def test_a_name_that_looks_like_another_is_refused(name: str, browser: Client, alice: User) -> None:
    assert "username" in errors(browser, username=name)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("username", {"username": ""}),
        ("username", {"username": "al"}),
        ("username", {"username": "a" * 33}),
        ("username", {"username": "a" * 60_000}),
        ("username", {"username": "<script>"}),
        ("username", {"username": "al ice"}),
        ("username", {"username": "al\x00ice"}),
        ("username", {"username": "Guest-C0FF"}),
        ("username", {"username": "guest-anything"}),
        ("username", {"username": "al\u3164ice"}),
        ("username", {"username": "\u3164\u3164\u3164"}),
        ("username", {"username": "administrator"}),
        ("username", {"username": "Moderat0r"}),
        ("email", {"email": "nonsense"}),
        ("email", {"email": "a@b.example\nBcc: c@d.example"}),
        ("password2", {"password2": "another"}),
        ("password2", {"password1": "12345678", "password2": "12345678"}),
        ("password2", {"password1": "a" * 60_000}),
    ],
)
def test_wrong_values_are_named_and_make_nothing(
    field: str, wrong: dict[str, str], browser: Client
) -> None:
    assert field in errors(browser, **wrong)
    assert not User.objects.exists()


def test_without_the_token_of_the_form_nothing_happens(static_files: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/signup/", GOOD)
    assert answer.status_code == 403
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_gets_the_name() -> None:
    def sign_up(name: str) -> bool:
        form = SignUpForm(GOOD | {"username": name})
        form.is_valid()
        form.cleaned_data["username"] = name  # both have been told that it is free
        form.errors.clear()
        form.instance.username = name
        try:
            form.save()
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(sign_up, ["alice", "ALICE", "Alice", "a1ice"]))
    assert sum(made) == 1
    assert User.objects.count() == 1


def test_the_page_keeps_to_the_policy(browser: Client) -> None:
    answer = browser.get("/accounts/signup/")
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    page = answer.content.decode()
    assert "<script" not in page
    assert "style=" not in page
